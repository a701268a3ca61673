#pragma once

namespace halcyon {

/// results/page/page.css and page.js, put in by CMake.
extern const char* const kPageStyle;
extern const char* const kPageScript;

}  // namespace halcyon
