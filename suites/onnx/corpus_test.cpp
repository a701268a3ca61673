// The models of sample_corpus.py: each is either refused with the words that belong to it, or runs
// (it has a plan) and means what ONNX Runtime makes of it.
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "kernels/oracle/nchw.h"
#include "results/files/temporary_folder.h"
#include "schedules/fence/child.h"
#include "suites/graph/plan.h"
#include "suites/onnx/npy.h"
#include "suites/onnx/reading/import.h"
#include "suites/onnx/sample_models.h"

namespace halcyon {
namespace {

using nlohmann::json;

std::vector<std::int64_t> dims_of(const Value& v) {
  const Shape& s = v.shape;
  if (!v.dims.empty()) return v.dims;
  if (v.flat) return {s.n, s.c};
  return {s.n, s.c, s.h, s.w};
}

/// The file's values in NHWC.
Tensor read(const std::string& path, const Value& v) {
  const Tensor values = read_npy(path, dims_of(v));
  return v.channels_last ? values : nchw_to_nhwc(values, v.shape);
}

void expect_refused(const std::string& path, const std::string& why) {
  try {
    read_onnx(path);
    ADD_FAILURE() << "taken; wanted: " << why;
  } catch (const Error& e) {
    const std::string line = e.what();
    EXPECT_EQ(e.code, Exit::data);
    EXPECT_NE(line.find(why), std::string::npos) << line;
    EXPECT_EQ(line.find('\n'), std::string::npos) << line;
  }
}

void expect_as_onnx_runtime(const std::string& path, std::size_t outputs) {
  const Graph graph = read_onnx(path + ".onnx");
  const auto input = read(path + ".in.npy", graph.input());
  EXPECT_NO_THROW(plan_of(graph, Cut::ops));
  const auto found = run_reference(graph, input);
  ASSERT_EQ(found.size(), outputs);
  for (std::size_t i = 0; i < outputs; ++i) {
    const Tensor wanted =
        read(path + ".out" + std::to_string(i) + ".npy", graph.values[graph.outputs[i]]);
    EXPECT_LE(error_over_range(numbers_of<double>(wanted), found[i]), 1e-5) << "output " << i;
  }
}

TEST(Corpus, EveryModelIsRefusedInItsWordsOrMeansWhatOnnxRuntimeMakesOfIt) {
  const TemporaryFolder folder;
  const Ended made = run_program(
      {.wall_seconds = 120, .processes = 0},
      {HALCYON_PYTHON, HALCYON_SOURCE_DIR "/suites/onnx/check_corpus.py", folder.path()});
  ASSERT_EQ(made.code, 0) << made.output;
  std::ifstream file(folder.path() + "/corpus.json");
  const json corpus = json::parse(file);
  EXPECT_GT(corpus.size(), 100u);
  for (const json& entry : corpus) {
    const std::string name = entry.at("name");
    SCOPED_TRACE(name);
    const std::string path = folder.path() + "/" + name;
    if (entry.contains("refused"))
      expect_refused(path + ".onnx", entry.at("refused"));
    else
      EXPECT_NO_THROW(expect_as_onnx_runtime(path, entry.at("outputs")));
  }
}

}  // namespace
}  // namespace halcyon
