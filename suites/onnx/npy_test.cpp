#include "suites/onnx/npy.h"

#include <gtest/gtest.h>

#include <fstream>

#include "kernels/error.h"
#include "kernels/strict_json.h"
#include "results/files/temporary_folder.h"

namespace halcyon {
namespace {

using Floats = std::vector<float>;

class Npy : public testing::Test {
 protected:
  /// A version 1.0 file with this header and this many zero bytes of data.
  std::string file(const std::string& header, std::size_t data, int version = 1) {
    std::string bytes = "\x93NUMPY";
    bytes += {static_cast<char>(version), '\0'};
    const std::uint32_t length = header.size();
    bytes.append(reinterpret_cast<const char*>(&length), version == 1 ? 2 : 4);
    return write(bytes + header + std::string(data, '\0'));
  }
  std::string write(const std::string& bytes) {
    const std::string path = folder_.path() + "/x.npy";
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  void expect_refused(const std::string& path, const std::string& why) {
    try {
      read_npy(path);
      ADD_FAILURE() << "accepted; wanted: " << why;
    } catch (const Error& e) {
      EXPECT_EQ(e.code, Exit::data);
      EXPECT_EQ(std::string(e.what()).find(path + ": "), 0u) << e.what();
      EXPECT_NE(std::string(e.what()).find(why), std::string::npos) << e.what();
      EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos) << e.what();
    }
  }
  TemporaryFolder folder_;
};

TEST_F(Npy, WhatIsWrittenIsReadAgain) {
  for (const NpyArray& array :
       {NpyArray{{2, 3}, Floats{1, -2, 3e-40f, 4, 5, 6}}, NpyArray{{2}, Floats{7, 8}},
        NpyArray{{}, Floats{9}}, NpyArray{{1, 1, 1, 1}, Floats{-0.5f}}}) {
    const std::string path = folder_.path() + "/out.npy";
    write_npy(path, array);
    EXPECT_EQ(read_npy(path), array);
    EXPECT_EQ(read_text_file(path, Exit::data, 1 << 20).size() % 64, array.values.size() * 4 % 64);
  }
}

TEST_F(Npy, HeadersAreReadAsNumPyWritesThem) {
  const std::vector<std::int64_t> dims = {1, 2};
  EXPECT_EQ(
      read_npy(file("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }  \n", 8)).dims,
      dims);
  EXPECT_EQ(read_npy(file("{'shape':(1,2),\"fortran_order\":False,'descr':'<f4'}\n", 8)).dims,
            dims);
  EXPECT_EQ(
      read_npy(file("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }\n", 8, 2)).dims,
      dims);
}

TEST_F(Npy, WhatIsNoFloat32ArrayInCOrderIsRefused) {
  const auto header = [](const std::string& descr, const std::string& order,
                         const std::string& shape) {
    return "{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
  };
  expect_refused(file(header("'<f8'", "False", "(2,)"), 16), "dtype '<f8'; allowed: '<f4'");
  expect_refused(file(header("'>f4'", "False", "(2,)"), 8), "dtype '>f4'");
  expect_refused(file(header("'<f4'", "True", "(2,)"), 8), "Fortran order; allowed: C order");
  expect_refused(file(header("'<f4'", "False", "(0,)"), 0), "allowed: 1 to 2147483647");
  expect_refused(file(header("'<f4'", "False", "(-1, 2)"), 8), "allowed: 1 to 2147483647");
  expect_refused(file(header("'<f4'", "False", "(2)"), 8), "no tuple");
  expect_refused(file(header("'<f4'", "False", "(2, 3)"), 20), "found 20 bytes of data");
  expect_refused(file(header("'<f4'", "False", "(2, 3)"), 28), "found 28 bytes of data");
  expect_refused(file(header("'<f4'", "False", "(2147483647, 2147483647, 2147483647, 4)"), 16),
                 "found 16 bytes");
  expect_refused(file("{'descr': '<f4', 'descr': '<f4'}\n", 8), "twice");
  expect_refused(file("{'descr': '<f4', 'shape': (1,)}\n", 4), "a key is missing");
  expect_refused(file(header("'<f4'", "False", "(1,)") + "x", 4), "behind the dict");
  expect_refused(file("__import__('os')", 4), "header");
  expect_refused(file(header("'<f4'", "False", "(1,)"), 4, 3), "format version 3");
  expect_refused(write("PK\x03\x04"), "no .npy file");
}

TEST_F(Npy, AFileCutAnywhereIsRefused) {
  const std::string path = folder_.path() + "/whole.npy";
  write_npy(path, {{2, 1}, Floats{1, 2}});
  const std::string whole = read_text_file(path, Exit::data, 1 << 20);
  for (std::size_t size = 0; size < whole.size(); ++size)
    expect_refused(write(whole.substr(0, size)), "");
}

TEST_F(Npy, AnotherShapeThanAskedForIsRefusedWithBoth) {
  const std::string path = folder_.path() + "/in.npy";
  write_npy(path, {{1, 2}, Floats{1, 2}});
  EXPECT_EQ(read_npy(path, {1, 2}), Tensor(Floats{1, 2}));
  try {
    read_npy(path, {1, 1, 2});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(std::string(e.what()), path + ": found shape (1, 2); allowed: (1, 1, 2)");
  }
}

}  // namespace
}  // namespace halcyon
