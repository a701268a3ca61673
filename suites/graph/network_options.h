#pragma once

namespace halcyon {

constexpr int kLargestSide = 16384;  // of an input, in pixels

/// What is asked of a network beside its file.
struct NetworkOptions {
  int batch = 1;
  int height = 0, width = 0;  // of the input, in pixels; 0: as the file says
};

}  // namespace halcyon
