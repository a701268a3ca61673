#include "suites/cases/suite.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "kernels/error.h"
#include "kernels/problem/op_field.h"
#include "kernels/strict_json.h"
#include "suites/cases/class_of.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 128;
constexpr std::size_t kMostCases = 10000;
constexpr const char* kSuffix = ".json";

Problem read_problem(Reader& reader) {
  const std::string line = reader.line("problem");
  try {
    return Problem::parse(line);
  } catch (const Error& error) {
    reader.fail("problem", error.what());
  }
}

Case read_case(Reader reader) {
  Case read;
  read.id = reader.name("id");
  read.problem = read_problem(reader);
  read.odd = reader.has("odd");
  if (read.odd) {
    if (reader.has("source") || reader.has("count"))
      reader.fail("odd", "an odd case has no source and no count: it is of no network");
    read.source = reader.line("odd");
  } else {
    read.source = reader.line("source");
    read.count = static_cast<int>(reader.integer("count", 1, 10000));
  }
  read.kernel_class = reader.has("class") ? reader.line("class") : class_of(read.problem);
  reader.finish();
  return read;
}

}  // namespace

Suite read_suite(const std::string& path) {
  const nlohmann::json json = read_json_file(path, Exit::usage);
  Reader reader(json, path, "", Exit::usage);
  Suite suite;
  suite.name = reader.name("suite");
  if (fs::path(path).filename() != suite.name + kSuffix)
    reader.fail("suite", "found " + describe(suite.name) + ", the file's name says " +
                             describe(fs::path(path).stem().string()));
  suite.description = reader.line("description");
  suite.source = reader.line("source");

  const std::size_t count = reader.array("cases").size();
  if (count < 1 || count > kMostCases)
    reader.fail("cases", "expected 1 to 10000 cases, found " + std::to_string(count));
  std::map<std::string, std::size_t> ids, problems;  // where each was first seen
  for (std::size_t i = 0; i < count; ++i) {
    Reader element = reader.element("cases", i);
    Case one = read_case(element);
    const auto [same_id, new_id] = ids.emplace(one.id, i);
    if (!new_id)
      element.fail("id",
                   describe(one.id) + " is also the id of case " + std::to_string(same_id->second));
    const auto [same_problem, new_problem] = problems.emplace(one.problem.text(), i);
    if (!new_problem)
      element.fail("problem", describe(one.problem.text()) + " is also the problem of case " +
                                  describe(suite.cases[same_problem->second].id));
    suite.cases.push_back(std::move(one));
  }
  reader.finish();
  return suite;
}

std::vector<std::string> suite_names(const std::string& folder) {
  return names_of_json_files(folder);
}

Suite find_suite(const std::string& name, const std::string& folder) {
  if (name.find('/') != std::string::npos || name.ends_with(kSuffix)) return read_suite(name);
  const std::vector<std::string> known = suite_names(folder);
  if (std::find(known.begin(), known.end(), name) != known.end())
    return read_suite((fs::path(folder) / (name + kSuffix)).string());

  throw usage_error("no suite " + with_guess(name, known) + "; there are " + joined(known));
}

Suite suite_of(const Problem& problem) {
  std::string id;
  for (char c : problem.text()) {
    if (is_name_character(c))
      id += c;
    else if (!id.empty() && id.back() != '-')
      id += '-';
  }
  id.resize(std::min(id.size(), kLongestName));
  Suite suite{"typed", "One problem from the command line", "command line", {}};
  suite.cases.push_back({id, problem, suite.source, class_of(problem), false, 1});
  return suite;
}

}  // namespace halcyon
