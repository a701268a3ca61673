#pragma once
#include <optional>
#include <string>

#include "schedules/targets/target.h"
#include "suites/request/request.h"

namespace halcyon {

/// What a word of the command line stands for. A problem holds a '|', a file is what names_file()
/// says, the rest are names: suites and networks share one name space. A target is only shown.
enum class Named { problem, suite, network, target };

struct NamedWord {
  std::string word;
  Named named = Named::problem;
  std::optional<Target> target = {};  // that it is
};

/// Error (exit 2) for a name that is none, with the nearest ones; for one that is both; for a piece
/// of a problem that lost its quotes; and for a target, by its file.
NamedWord what_is(const std::string& what, const Folders&);
/// The same where a target may be named, too.
NamedWord what_is_shown(const std::string& what, const Folders&);

/// A word with a '/', or that ends in .json or .onnx, is a file's path.
inline bool names_file(const std::string& word) {
  return word.find('/') != word.npos || word.ends_with(".json") || word.ends_with(".onnx");
}

/// "1x14x14x192", "f32 1x14x14x192": how a problem begins, and what is left of one that stands
/// without quotes; and what to say of it.
bool is_shape(const std::string& word);
std::string without_quotes(const std::string& shape);

}  // namespace halcyon
