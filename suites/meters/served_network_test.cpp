// Our own runner as one that is asked line by line: suites/peers/README.md has the protocol.
#include "kernels/oracle/nchw.h"
#include "schedules/targets/host.h"
#include "suites/meters/network_sample.h"
#include "suites/meters/run_job.h"

namespace halcyon {
namespace {

class ServedNetwork : public NetworkMeters {
 protected:
  std::unique_ptr<Dialogue> serve(const Bundle& made, const std::vector<int>& cpus) {
    const auto device = open_device(target_);
    return device->serve({program_on(*device, made), "--serve"}, {}, cpus);
  }
};

/// `shape`: of one image.
Tensor in_source_order(const Tensor& values, Shape shape, int batch) {
  shape.n = batch;
  return nhwc_to_nchw(values, shape);
}

TEST_P(ServedNetwork, IsServedLineByLineInTheOrderOfItsSource) {
  Plan plan = small_plan(2);
  plan.tensors[5].place = PlanTensor::output;  // a map beside the logits
  plan.outputs = {7, 5};
  const auto served = serve(bundle(plan), {});
  const auto ask = [&](const std::string& line) { return served->ask(line, 60).text; };
  EXPECT_EQ(ask("threads 1"), "ok");
  EXPECT_EQ(ask("threads 2"), "error found 2 threads, allowed 1");
  EXPECT_EQ(ask("hello"), "ok halcyon - f32 isa=" + target_.isa + " layout=nhwc");
  EXPECT_EQ(ask("dtype f32"), "ok");
  EXPECT_EQ(ask("dtype i8"), "error found dtype i8, allowed f32");
  EXPECT_EQ(ask("run 1"), "error 'run' before 'load'");
  EXPECT_EQ(ask("load model.onnx"), "ok precision=f32 in=f32 out=f32 nhwc");
  const Tensor input = seeded_input(plan, 3);  // another than the bundle's
  write_tensor(file("in"), in_source_order(input, plan.tensors[plan.input].shape, 2));
  EXPECT_EQ(ask("input " + file("in")), "ok 1536");
  EXPECT_EQ(ask("run 3").substr(0, 3), "ok ");
  EXPECT_EQ(ask("output " + file("out")), "ok 1034");
  std::vector<double> expected;
  const auto outputs = expected_outputs(plan, input);
  for (std::size_t i = 0; i < outputs.size(); i++) {
    const auto ordered =
        numbers_of<double>(in_source_order(outputs[i], plan.tensors[plan.outputs[i]].shape, 2));
    expected.insert(expected.end(), ordered.begin(), ordered.end());
  }
  expect_near(file("out"), Tensor::rounded(input.dtype(), expected), "the outputs");
  EXPECT_EQ(ask("input " + file("out")),
            "error " + file("out") + ": is no file of 1536 f32 values");
  EXPECT_EQ(ask("probe").substr(0, 3), "ok ");
}

TEST_P(ServedNetwork, IsServedOnAsManyThreadsAsItsKernelsAreMadeFor) {
  const Plan plan = small_plan();
  target_.threads = 2;
  const Bundle made = bundle(plan);
  const std::vector<int> cpus = allowed_cpus();
  const auto one = serve(made, {cpus.front()});
  EXPECT_EQ(one->ask("threads 2", 60).text, "error 2 threads, and 1 CPUs are allowed here");
  EXPECT_EQ(one->ask("threads 1", 60).text, "error found 1 threads, allowed 2");
  if (cpus.size() < 2) GTEST_SKIP() << "one CPU";
  const auto served = serve(made, cpus);
  const auto ask = [&](const std::string& line) { return served->ask(line, 60).text; };
  EXPECT_EQ(ask("threads 2"), "ok");
  EXPECT_EQ(ask("load model.onnx"), "ok precision=f32 in=f32 out=f32 nhwc");
  const Tensor input = seeded_input(plan, 3);
  write_tensor(file("in"), in_source_order(input, plan.tensors[plan.input].shape, 1));
  EXPECT_EQ(ask("input " + file("in")), "ok 768");
  for (int turn = 0; turn < 3; turn++)  // its workers have slept in between
    EXPECT_EQ(ask("run 2").substr(0, 3), "ok ");
  EXPECT_EQ(ask("output " + file("out")), "ok 5");
  expect_near(file("out"), expected_tensors(plan, input)[7], "the output");
}

INSTANTIATE_TEST_SUITE_P(Targets, ServedNetwork, testing::Values("host", "j6m"),
                         [](const auto& of) { return std::string(of.param); });

}  // namespace
}  // namespace halcyon
