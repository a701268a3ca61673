#include "schedules/language/step.h"

#include <sstream>

namespace halcyon {
namespace {

Step parse_line(std::istringstream& words, int line) {
  Step step;
  step.line = line;
  std::string word;
  words >> step.stage >> step.op;
  if (step.stage.size() < 2 || step.stage.back() != ':' || step.op.empty())
    throw usage_error("line " + std::to_string(line) + ": '" + words.str() +
                      "': expected 'stage: op arguments'");
  step.stage.pop_back();
  while (words >> word) step.args.push_back(word);
  return step;
}

}  // namespace

std::string to_text(const Step& step) {
  std::string text = step.stage + ": " + step.op;
  for (const auto& arg : step.args) text += " " + arg;
  return text;
}

std::string to_text(const Schedule& schedule) {
  std::string text;
  for (const Step& step : schedule) text += to_text(step) + "\n";
  return text;
}

Error step_error(const Step& step, const std::string& why) {
  const std::string place = step.line ? "line " + std::to_string(step.line) + ": " : "";
  return usage_error(place + "'" + to_text(step) + "': " + why);
}

Schedule parse_schedule(std::string_view text) {
  Schedule schedule;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream words(line.substr(0, line.find('#')));
    if ((words >> std::ws).eof()) continue;
    schedule.push_back(parse_line(words, number));
    check_step(schedule.back());
  }
  check_schedule(schedule);
  return schedule;
}

std::vector<Piece> divide_evenly(int extent, int most) {
  const int tiles = (extent + most - 1) / most, small = extent / tiles;
  const int large_tiles = extent - small * tiles, boundary = large_tiles * (small + 1);
  std::vector<Piece> pieces;
  if (boundary > 0) pieces.push_back({0, boundary, small + 1});
  if (boundary < extent) pieces.push_back({boundary, extent - boundary, small});
  return pieces;
}

}  // namespace halcyon
