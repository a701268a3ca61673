#include "kernels/oracle/tensor_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "kernels/error.h"

namespace halcyon {
namespace {

using Floats = std::vector<float>;

class TensorFile : public testing::Test {
 protected:
  ~TensorFile() override { std::filesystem::remove(path_); }
  const std::string path_ = testing::TempDir() + "tensor_file_test.f32";
};

TEST_F(TensorFile, HoldsTheElementsAsTheyLieAndNothingElse) {
  write_tensor(path_, Floats{1, 2});
  write_tensor(path_, Floats{3}, WriteMode::append);
  EXPECT_EQ(std::filesystem::file_size(path_), 12u);
  EXPECT_EQ(read_whole_tensor(path_, DType::f32, 3), Tensor(Floats{1, 2, 3}));
  write_tensor(path_, Floats{4});
  EXPECT_EQ(read_whole_tensor(path_, DType::f32, 1), Tensor(Floats{4}));
}

TEST_F(TensorFile, OfAnotherLengthIsNone) {
  write_tensor(path_, Floats{1, 2});
  for (const std::size_t elements : {1u, 3u}) try {
      read_whole_tensor(path_, DType::f32, elements);
      ADD_FAILURE() << elements;
    } catch (const Error& e) {
      EXPECT_EQ(e.code, Exit::environment);
      EXPECT_EQ(std::string(e.what()),
                path_ + ": is no file of " + std::to_string(elements) + " f32 values");
    }
  std::ofstream(path_, std::ios::app) << "x";
  EXPECT_THROW(read_whole_tensor(path_, DType::f32, 2), Error);
  EXPECT_EQ(read_tensor(path_, DType::f32, 9), Tensor(Floats{1, 2})) << "whole elements alone";
  EXPECT_EQ(read_tensor(path_, DType::f32, 1), Tensor(Floats{1}));
}

TEST_F(TensorFile, WhatCannotBeReadOrWrittenIsSaid) {
  EXPECT_THROW(read_tensor("/no/such/folder/x.f32", DType::f32, 1), Error);
  EXPECT_THROW(write_tensor("/no/such/folder/x.f32", Floats{1}), Error);
  EXPECT_EQ(tensor_path("data", "out", DType::f16), "data/out.f16");
}

}  // namespace
}  // namespace halcyon
