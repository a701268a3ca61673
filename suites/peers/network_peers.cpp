#include "suites/peers/network_peers.h"

#include <algorithm>

#include "kernels/oracle/nchw.h"
#include "results/files/temporary_folder.h"
#include "suites/onnx/writing/export.h"

namespace halcyon {

PeerTask peer_task(const Device& device, const Graph& graph, const Bundle& bundle,
                   const NetworkSet& set, double tolerance) {
  constexpr double kLeastTolerance = 1e-4;
  PeerTask task;
  task.device = &device;
  task.own = task.prober = own_program(device, bundle);
  task.input = nhwc_to_nchw(set.input, graph.input().shape);
  for (std::size_t i = 0; i < set.outputs.size(); ++i)
    task.expected.push_back(nhwc_to_nchw(set.outputs[i], graph.shape_of(graph.outputs[i])));
  task.tolerance = std::max(tolerance, kLeastTolerance);
  return task;
}

PeerComparison compare_network(const Graph& graph, PeerTask task, const std::string& root) {
  const TemporaryFolder folder;
  task.peers = peer_programs(root);
  std::erase_if(task.peers, [](const PeerProgram& p) { return p.of_problems; });
  task.model = folder.path() + "/model.onnx";
  write_onnx(graph, task.model);
  return compare_with_peers(task);
}

}  // namespace halcyon
