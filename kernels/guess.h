#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace halcyon {

/// The words of `known` that `word` may have meant, likeliest first; often none, seldom more than
/// one. Another name that the field has for one of them ("swish", "depthwise"); the same letters in
/// another spelling ("MobileNetV2"); those that it abbreviates ("v3-l", "b0"), unless they are
/// many; else the one with the fewest edits, when they are few enough.
std::vector<std::string> guesses(std::string_view word, const std::vector<std::string>& known);

/// The likeliest of them; empty when there is none.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// "'rleu' (did you mean 'relu'?)": a word that is none of `known`.
std::string with_guess(const std::string& word, const std::vector<std::string>& known);

}  // namespace halcyon
