#pragma once
#include <string>

namespace halcyon {

/// Address ranges of a kernel in a program, one "<begin> <end>" in hexadecimal a line, from the
/// output of `nm -S`: the function `symbol` and the bodies of its parallel loops,
/// `<symbol>_par_for_...`; not its wrappers, `<symbol>_argv` and `<symbol>_metadata`. Empty when
/// there is none.
std::string kernel_ranges(const std::string& nm_output, const std::string& symbol);

}  // namespace halcyon
