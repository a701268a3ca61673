#include "schedules/fence/output_lines.h"

#include <sstream>

namespace halcyon {

std::vector<std::string> lines_of(const std::string& output) {
  std::vector<std::string> lines;
  std::istringstream stream(output);
  for (std::string line; std::getline(stream, line);)
    if (line.find_first_not_of(" \t\r") != line.npos) lines.push_back(line);
  return lines;
}

std::string last_line(std::string output) {
  output.erase(output.find_last_not_of("\r\n \t") + 1);  // npos + 1 is 0
  return output.substr(output.find_last_of('\n') + 1);
}

}  // namespace halcyon
