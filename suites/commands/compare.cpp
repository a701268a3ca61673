#include "suites/commands/compare.h"

#include <nlohmann/json.hpp>

#include "results/comparison/show.h"
#include "results/document/journal_document.h"
#include "results/text/json_text.h"

namespace halcyon {

void add_compare_options(CLI::App& command, CompareAsk& asked, Speech& speech) {
  command
      .add_option(
          "run", asked.runs,
          "A and B, results.json files or folders that hold one: what became of A's figures "
          "in B; or one that bench --against-build made")
      ->required()
      ->expected(1, 2);
  command.add_flag("--across-machines", asked.across_machines,
                   "times of different machines beside each other, too, without a verdict");
  CLI::Option* markdown =
      command.add_flag("--markdown", asked.markdown, "as Markdown, for a pull request");
  command.add_flag("--json", speech.json, "as JSON")->excludes(markdown);
}

RunComparison compare(const CompareAsk& asked) {
  if (asked.runs.size() == 1) return compare_builds(read_run(asked.runs[0]));
  const Document before = read_run(asked.runs[0]), after = read_run(asked.runs[1]);
  refuse_twice({before, after}, asked.runs);
  return compare_runs(before, after, asked.across_machines);
}

std::string compare_text(const RunComparison& c, const CompareAsk& asked, const Speech& speech,
                         bool colour) {
  if (speech.json) return indented_text(to_json(c));
  return asked.markdown ? comparison_markdown(c) : comparison_text(c, colour);
}

}  // namespace halcyon
