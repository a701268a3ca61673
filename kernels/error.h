#pragma once
#include <stdexcept>
#include <string>
#include <utility>

namespace halcyon {

/// What ended a command, as the shell sees it. docs/reference.md has the same table.
enum class Exit : int {
  ok = 0,              // all as asked
  check_failed = 1,    // a wrong result, or a crash of the recipe's own schedule
  usage = 2,           // what the user wrote: command line, problem, suite, target, schedule
  data = 3,            // a data file: record, journal, results document, tensor
  environment = 4,     // disk full, no permission, lock held
  infrastructure = 5,  // compiler missing, board unreachable
  partial = 6,         // no candidate, noisy or not runnable somewhere; all else is right
  internal = 70,       // a bug of ours
};

/// Bad input or surroundings: one line for a person, and how the command ends.
/// Thrown where it is found, caught once in main. A candidate that fails is never an Error but an
/// Outcome; a bug of ours is neither.
struct Error : std::runtime_error {
  Error(Exit end, const std::string& message) : std::runtime_error(message), code(end) {}
  Exit code;
};

inline Error usage_error(const std::string& message) { return {Exit::usage, message}; }
inline Error data_error(const std::string& message) { return {Exit::data, message}; }

/// Runs fn; an Error comes out with `where` in front: "suites/micro/x.json: case 'dw3': ...".
template <class Fn>
auto in_context(const std::string& where, Fn&& fn) {
  try {
    return std::forward<Fn>(fn)();
  } catch (const Error& e) {
    throw Error(e.code, where + ": " + e.what());
  }
}

}  // namespace halcyon
