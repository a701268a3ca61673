// Files that are malformed or made to harm: each gives one line and exit 3, and soon.
#include <filesystem>

#include "kernels/error.h"
#include "kernels/strict_json.h"
#include "results/files/temporary_folder.h"
#include "suites/onnx/reading/import.h"
#include "suites/onnx/sample_models.h"
#include "suites/onnx/writing/export.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;
using Dims = ModelMaker::Dims;

class HostileModel : public testing::Test {
 protected:
  std::string write(const std::string& bytes) {
    const std::string path = folder_.path() + "/m.onnx";
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  /// A graph, or an Error of one line about the file; says which. Anything else is a fault.
  bool is_accepted(const std::string& bytes) {
    const std::string path = write(bytes);
    try {
      read_onnx(path);
      return true;
    } catch (const Error& e) {
      const std::string text = e.what();
      EXPECT_EQ(e.code, Exit::data) << text;
      EXPECT_EQ(text.find(path + ": "), 0u) << text;
      for (const char c : text) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << text;
      return false;
    }
  }
  void expect_refused(const std::string& bytes, const std::string& why) {
    const std::string path = write(bytes);
    try {
      read_onnx(path);
      ADD_FAILURE() << "accepted; wanted: " << why;
    } catch (const Error& e) {
      EXPECT_EQ(e.code, Exit::data);
      EXPECT_NE(std::string(e.what()).find(why), std::string::npos) << e.what();
    }
  }
  /// A convolution of "x" whose weight is what `change` makes of a good one.
  void expect_weight_refused(const std::function<void(onnx::TensorProto&)>& change,
                             const std::string& why) {
    ModelMaker m;
    const std::string w = m.random({8, 4, 1, 1});
    m.output(m.node("Conv", {"x", w}));
    change(*m.graph().mutable_initializer(0));
    expect_refused(m.bytes(), why);
  }
  /// A small model that has every node there is.
  std::string sample() {
    GraphBuilder b("small", {.n = 1, .h = 4, .w = 4, .c = 2});
    int x =
        b.act("gelu", b.batchnorm("bn", b.conv("conv", 0, square(4, 3, 1, 2)), 1e-5), Act::gelu);
    x = b.scale("se", x, b.act("gate", b.conv("fc", b.gap("gap", x), square(4, 1)), Act::sigmoid));
    x = b.tokensum("sum", x, b.conv("column", x, square(1, 1)));
    Graph graph = b.finish({b.linear("head", b.channel_scale("scale", x), 3)});
    fill_sample(graph);
    const std::string path = folder_.path() + "/sample.onnx";
    write_onnx(graph, path);
    return read_text_file(path, Exit::data, 1 << 20);
  }
  TemporaryFolder folder_;
};

TEST_F(HostileModel, CutAnywhereItIsRefusedOrAnotherGoodModel) {
  const std::string whole = sample();
  ASSERT_TRUE(is_accepted(whole));
  int accepted = 0;
  for (std::size_t size = 0; size < whole.size(); size += size < 400 ? 1 : 13)
    accepted += is_accepted(whole.substr(0, size));
  // A protobuf cut between its fields is whole again: here before the model's list of opsets.
  EXPECT_LE(accepted, 2);
}

TEST_F(HostileModel, WithAnyByteChangedItIsRefusedOrAnotherGoodModel) {
  const std::string whole = sample();
  std::mt19937 random(20261124);
  for (int i = 0; i < 600; ++i) {
    std::string bytes = whole;
    for (unsigned k = 0; k <= random() % 3; ++k)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    SCOPED_TRACE("seed 20261124, change " + std::to_string(i));
    is_accepted(bytes);
  }
}

TEST_F(HostileModel, WhatIsNoModelIsRefused) {
  expect_refused("", "found no graph");
  expect_refused("hello, world", "found no whole ONNX model");
  expect_refused("{\"network\": 1}", "found no whole ONNX model");
  expect_refused(std::string(1 << 16, '\xff'), "found no whole ONNX model");
  EXPECT_THROW(read_onnx(folder_.path()), Error);
  EXPECT_THROW(read_onnx(folder_.path() + "/missing.onnx"), Error);
}

TEST_F(HostileModel, GraphsInGraphsAreNotFollowedDown) {
  onnx::GraphProto nest;
  for (int i = 0; i < 40; ++i) {
    onnx::GraphProto outer;
    outer.add_node()->add_attribute()->mutable_g()->Swap(&nest);
    nest.Swap(&outer);
  }
  ModelMaker m;
  m.graph().MergeFrom(nest);
  expect_refused(m.bytes(), "found no whole ONNX model");
}

TEST_F(HostileModel, AFileOfEmptyMessagesDoesNotFillTheMemory) {
  constexpr int kNodes = 4'000'000;  // two bytes each, half a gigabyte as messages
  std::string nodes;
  for (int i = 0; i < kNodes; ++i) nodes += std::string("\x0a\x00", 2);
  // Field 7 of a model is its graph: tag, length, content.
  std::string framed = "\x3a";
  for (std::size_t n = nodes.size(); n > 0; n >>= 7)
    framed += static_cast<char>((n & 0x7f) | (n > 0x7f ? 0x80 : 0));
  expect_refused(framed + nodes, "over 8 times its bytes in memory");
}

TEST_F(HostileModel, DimsThatLieAboutTheValuesAreRefused) {
  using T = onnx::TensorProto;
  expect_weight_refused([](T& t) { t.set_dims(0, 9); }, "32 values; allowed: 36");
  expect_weight_refused([](T& t) { t.set_dims(0, -8); }, "dims (-8, 4, 1, 1); allowed: 0 or more");
  expect_weight_refused([](T& t) { t.set_dims(0, INT64_MAX); }, "at most 2^40 elements");
  expect_weight_refused([](T& t) { t.set_dims(0, 1LL << 32), t.set_dims(1, 1LL << 32); },
                        "at most 2^40 elements");
  expect_weight_refused(
      [](T& t) {
        t.set_dims(0, 0);
        t.clear_float_data();
      },
      "found (0, 4, 1, 1)");
  expect_weight_refused([](T& t) { t.set_dims(0, 1LL << 39), t.set_dims(1, 1); },
                        "32 values; allowed: 549755813888");
  expect_weight_refused([](T& t) { t.set_raw_data("1234"); }, "values in two places");
  expect_weight_refused([](T& t) { t.clear_float_data(), t.set_raw_data("1234"); },
                        "4 bytes; allowed: 128");
  expect_weight_refused([](T& t) { t.set_data_type(99); }, "found values of 99");
  expect_weight_refused(
      [](T& t) {
        t.set_data_type(T::INT64);
        t.clear_float_data();
      },
      "0 values; allowed: 32");
  expect_weight_refused([](T& t) { t.mutable_segment(); }, "segments");
  expect_weight_refused([](T& t) { t.set_float_data(5, NAN); }, "found nan, allowed finite values");
}

TEST_F(HostileModel, ExternalDataStayInTheModelsFolder) {
  const auto outside = [](const std::string& location, const char* offset, const char* length) {
    return [=](onnx::TensorProto& t) {
      t.clear_float_data();
      t.set_data_location(onnx::TensorProto::EXTERNAL);
      const auto add = [&](const char* key, const std::string& value) {
        auto& entry = *t.add_external_data();
        entry.set_key(key);
        entry.set_value(value);
      };
      add("location", location);
      add("offset", offset);
      add("length", length);
    };
  };
  std::ofstream(folder_.path() + "/w.bin") << std::string(132, '\0');
  ModelMaker m;
  m.output(m.node("Conv", {"x", m.random({8, 4, 1, 1})}));
  outside("w.bin", "4", "128")(*m.graph().mutable_initializer(0));
  EXPECT_TRUE(is_accepted(m.bytes()));
  expect_weight_refused(outside("../w.bin", "0", "128"), "'..'");
  expect_weight_refused(outside("/etc/passwd", "0", "128"), "a relative path");
  expect_weight_refused(outside("w.bin", "8", "128"), "within the file's 132");
  expect_weight_refused(outside("w.bin", "-4", "128"), "offset is no number of bytes");
  expect_weight_refused(outside("w.bin", "99999999999999999999", "128"), "offset is no number");
  expect_weight_refused(outside("w.bin", "0", "64"), "64 bytes; allowed: 128");
}

TEST_F(HostileModel, GraphsThatAreNoneAreRefused) {
  const auto refused = [&](const std::string& why, const std::function<void(ModelMaker&)>& make) {
    ModelMaker m;
    make(m);
    expect_refused(m.bytes(), why);
  };
  refused("reads tensor 't2', which nothing before it makes", [](ModelMaker& m) {  // a cycle
    m.node("Relu", {"t2"});
    m.output(m.node("Relu", {"t1"}));
  });
  refused("reads tensor 'missing'", [](ModelMaker& m) {
    m.output(m.node("Conv", {"x", "missing"}));
  });
  refused("tensor 'x' made twice", [](ModelMaker& m) {
    m.output(m.node("Relu", {"x"}));
    m.last().set_output(0, "x");
  });
  refused("tensor 'k0' made twice", [](ModelMaker& m) {
    m.output(m.node("Conv", {"x", m.random({8, 4, 1, 1})}));
    *m.graph().add_initializer() = m.graph().initializer(0);
  });
  refused("found 2 inputs; allowed: one", [](ModelMaker& m) {
    *m.graph().add_input() = m.graph().input(0);
    m.graph().mutable_input(1)->set_name("y");
    m.output(m.node("Add", {"x", "y"}));
  });
  refused("found no output of the graph", [](ModelMaker& m) { m.node("Relu", {"x"}); });
  refused("found no output; allowed: one or more", [](ModelMaker& m) {
    m.node("Relu", {"x"});
    m.last().clear_output();
  });
  refused("sparse initializers", [](ModelMaker& m) {
    m.output(m.node("Relu", {"x"}));
    m.graph().add_sparse_initializer();
  });
  refused("found a function 'Relu' in the domain of ONNX", [](ModelMaker& m) {
    m.model().add_functions()->set_name("Relu");
    m.output(m.node("Relu", {"x"}));
  });
  refused("attribute 'alpha': found where none", [](ModelMaker& m) {
    m.output(m.node("HardSwish", {"x"}));
    m.with("alpha", 3.);
  });
  refused("unsupported: 1 If; the first is node 'If_1'",
          [](ModelMaker& m) { m.output(m.node("If", {"x"})); });
  refused("without a size", [](ModelMaker& m) {
    m.output(m.node("Relu", {"x"}));
    m.graph()
        .mutable_input(0)
        ->mutable_type()
        ->mutable_tensor_type()
        ->mutable_shape()
        ->mutable_dim(2)
        ->set_dim_param("height");
  });
}

TEST_F(HostileModel, NumbersThatWouldOverflowAreRefused) {
  const auto refused = [&](const std::string& why,
                           const std::function<std::string(ModelMaker&)>& make,
                           const Dims& input = {1, 4, 6, 6}) {
    ModelMaker m(input);
    m.output(make(m));
    expect_refused(m.bytes(), why);
  };
  const auto conv = [](const char* name, const Dims& values) {
    return [=](ModelMaker& m) {
      const std::string y = m.node("Conv", {"x", m.random({8, 4, 3, 3})});
      m.with(name, values);
      return y;
    };
  };
  refused("attribute 'strides'", conv("strides", {0, 1}));
  refused("attribute 'strides'", conv("strides", {INT64_MAX, 1}));
  refused("attribute 'dilations'", conv("dilations", {1 << 30, 1 << 30}));
  refused("attribute 'pads'", conv("pads", {-1, 0, 0, 0}));
  refused("attribute 'pads'", conv("pads", {1, 1}));
  refused("attribute 'pads'", conv("pads", {5000, 0, 0, 0}));
  const auto relu = [](ModelMaker& m) { return m.node("Relu", {"x"}); };
  refused("at most 2^40 elements", relu, {1, 1 << 20, 1 << 20, 1 << 20});
  refused("up to 2^31-1 elements", relu, {1, 64, 1 << 15, 1 << 15});
  refused("each extent 1 to 2147483647", relu, {1, 4, INT64_MAX, 6});
  refused("without a size", relu, {1, 4, -6, 6});
  refused("at most 2^28 elements", [](ModelMaker& m) {
    const std::string huge = m.node("ConstantOfShape", {m.integers({1 << 20, 1 << 20})});
    return m.node("Mul", {"x", huge});
  });
}

TEST_F(HostileModel, NamesAreInert) {
  ModelMaker m;
  const std::string y = m.node("Conv", {"x", m.random({8, 4, 1, 1})});
  m.last().set_name("\x1b[2J<script>alert(1)</script>/../../etc;rm -rf\n'\"=cmd" +
                    std::string(300, 'a'));
  m.output(y);
  const Graph graph = read_onnx(write(m.bytes()));
  EXPECT_EQ(graph.nodes[0].name.find_first_not_of(
                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"),
            std::string::npos)
      << graph.nodes[0].name;
  EXPECT_LE(graph.nodes[0].name.size(), 128u);
}

}  // namespace
}  // namespace halcyon
