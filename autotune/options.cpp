#include "autotune/options.h"

#include "autotune/strategies/strategy.h"
#include "suites/commands/number_option.h"

namespace halcyon {

void add_tune_options(CLI::App& command, Request& request, TuneOptions& tune,
                      std::vector<std::string>& spaces, Speech& speech) {
  add_case_options(command, request, speech);
  add_timing_options(command, request);
  std::string words;
  for (const StrategyKind* kind : strategy_kinds())
    words += (words.empty() ? "" : "; ") + std::string(kind->name) + ": " + kind->help;
  command.add_option("--strategy", tune.strategy, words + ". The first is the default");
  auto* budget =
      add_number(
          command, "--budget", tune.budget,
          "trials of each problem. Of a network's problems on average: each has 4, the rest by "
          "its share of the network's work")
          ->default_str(std::to_string(tune.budget));
  add_number(command, "--minutes", tune.minutes,
             "of trials, for all problems together; a network's by their shares")
      ->excludes(budget);
  command
      .add_option_function<std::vector<std::string>>(
          "--against",
          [&tune](const std::vector<std::string>& guests) {
            tune.guests = autoschedulers_from_text(guests);
          },
          "autoschedulers whose schedules are tried, too: mullapudi2016, adams2019, li2018")
      ->delimiter(',');
  add_number(command, "--against-itself", tune.against_itself,
             "instead: compare the start with itself so often; how often does it \"win\"?");
  command.add_option(
      "--replay", spaces,
      "instead: compare the strategies on spaces that were measured whole; files, such "
      "as the results.json of bench --sweep; -o: a page, and a file of each space");
  command.add_flag("--in-network", tune.in_network,
                   "of networks: then compare each problem's fastest schedules inside the running "
                   "network, and choose by that; then its chains of ops, fused and apart");
  command.add_flag("--keep", tune.keep, "put winners among the tuned schedules");
  add_tuned_option(command, request, "where --keep puts them");
}

}  // namespace halcyon
