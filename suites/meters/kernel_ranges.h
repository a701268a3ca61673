#pragma once
#include <string>
#include <vector>

namespace halcyon {

/// Address ranges of kernels in a program, one "<begin> <end> <kernel>" a line, begin and end in
/// hexadecimal, kernel the index in `symbols`; from the output of `nm -S`. Of each symbol the
/// function and the bodies of its parallel loops, `<symbol>_par_for_...`; not its wrappers,
/// `<symbol>_argv` and `<symbol>_metadata`. Empty when there is none.
std::string kernel_ranges(const std::string& nm_output, const std::vector<std::string>& symbols);

}  // namespace halcyon
