#include "suites/network_peers.h"

#include "suites/graph/counts.h"
#include "suites/onnx/export.h"
#include "suites/onnx/npy.h"
#include "suites/temporary_folder.h"

namespace halcyon {

PeerTask peer_task(const Graph& graph, const Bundle& bundle, const NetworkSet& set,
                   double tolerance) {
  PeerTask task;
  task.own = task.prober = own_program(bundle);
  task.input = nhwc_to_nchw(set.input, graph.input().shape);
  for (std::size_t i = 0; i < set.outputs.size(); ++i)
    task.expected.push_back(nhwc_to_nchw(set.outputs[i], graph.shape_of(graph.outputs[i])));
  task.tolerance = tolerance;
  task.macs = count(graph).whole.macs;
  return task;
}

PeerComparison compare_network(const Graph& graph, const Bundle& bundle, const NetworkSet& set,
                               double tolerance, const std::string& root,
                               const std::vector<int>& cpus, const Protocol& protocol) {
  const TemporaryFolder folder;
  PeerTask task = peer_task(graph, bundle, set, tolerance);
  task.peers = peer_programs(root);
  task.model = folder.path() + "/model.onnx";
  write_onnx(graph, task.model);
  task.threads = static_cast<int>(cpus.size());
  task.cpus = cpus;
  task.protocol = protocol;
  return compare_with_peers(task);
}

}  // namespace halcyon
