#include "suites/runs/check_memory.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <vector>

#include "kernels/error.h"
#include "kernels/problem/op.h"
#include "results/text/format.h"
#include "suites/meters/meter.h"

namespace halcyon {
namespace {

constexpr std::int64_t kSets = 2;            // of inputs: random, adversarial
constexpr std::int64_t kProcess = 64 << 20;  // the program, its stacks, guards between buffers
constexpr std::int64_t kDouble = sizeof(double);

/// Of what it reads, or of its outputs.
std::int64_t argument_bytes(const Problem& p, bool outputs) {
  std::int64_t sum = 0;
  for (const TensorSpec& spec : p.tensors())
    if ((spec.role == Role::output) == outputs) sum += spec.bytes();
  return sum;
}
std::int64_t elements_of(const Problem& p) {
  std::int64_t sum = 0;
  for (const TensorSpec& spec : p.tensors())
    if (spec.role != Role::output) sum += spec.elements();
  return sum;
}

/// What a process that checks it has beside the data of all cases: the arguments, what its outputs
/// were at the first call and at the second, and what lies between its ops.
std::int64_t bytes_of_call(std::int64_t inputs, std::int64_t outputs, std::int64_t between) {
  return kProcess + inputs + 3 * outputs + between;
}

/// Of this machine, or of the group of processes that this one is in.
std::int64_t memory_here() {
  std::int64_t bytes = std::int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  for (const char* path :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::int64_t limit = 0;
    if (std::ifstream(path) >> limit && limit > 0) bytes = std::min(bytes, limit);
  }
  return bytes;
}

/// Doubles that are alive at once when plain loops compute it, node by node.
std::int64_t most_alive(const Graph& graph) {
  std::vector<std::size_t> last_reader(graph.values.size(), 0);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    for (const int v : graph.nodes[i].inputs) last_reader[v] = i;
  for (const int v : graph.outputs) last_reader[v] = graph.nodes.size();
  std::int64_t alive = graph.input().shape.elements(), most = alive;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    alive += graph.shape_of(graph.nodes[i].output).elements();
    most = std::max(most, alive);
    const std::set<int> inputs(graph.nodes[i].inputs.begin(), graph.nodes[i].inputs.end());
    for (const int v : inputs)
      if (last_reader[v] == i) alive -= graph.shape_of(v).elements();
  }
  return most;
}

std::string gib(std::int64_t bytes) {
  return fixed(static_cast<double>(bytes) / (1 << 30), 1) + " GiB";
}

}  // namespace

CheckBytes check_bytes(const Problem& p) {
  const std::int64_t inputs = argument_bytes(p, false), outputs = argument_bytes(p, true);
  std::int64_t between = 0, widest = 0;
  for (const Op& op : p.ops()) {
    if (&op != &p.ops().back()) between += op.out.elements() * bytes_of(p.dtype());
    widest = std::max(widest, op.in.elements() + op.out.elements());
  }
  const std::int64_t data = kSets * (inputs + outputs);
  return {.here = data + kDouble * (elements_of(p) + widest),
          .there = data + bytes_of_call(inputs, outputs, between)};
}

CheckBytes check_bytes(const Graph& graph) {
  const std::int64_t batch = graph.input().shape.n;
  std::int64_t weights = 0, data = 0, call = 0;
  const auto bytes_of_parameter = [](const Parameter& p) {
    return p.elements() * bytes_of(p.values.dtype());
  };
  const auto bytes_of_value = [&](int value) {
    return graph.shape_of(value).elements() * bytes_of(graph.values[value].dtype);
  };
  for (const Parameter& p : graph.parameters) weights += bytes_of_parameter(p);
  std::set<std::string> seen;  // equal ones are one kernel
  for (const Node& node : graph.nodes) {
    if (node.kind != NodeKind::op) continue;
    const std::int64_t in = bytes_of_value(node.inputs.front()) / batch,
                       out = bytes_of_value(node.output) / batch;
    std::int64_t own = 0;
    for (const int p : node.parameters) own += bytes_of_parameter(graph.parameters[p]);
    call = std::max(call, bytes_of_call(in + own, out, 0));
    const std::string key = std::string(node.op.word()) + to_text(node.op.in) +
                            to_text(node.op.out) + std::to_string(own);
    if (seen.insert(key).second) data += kSets * (in + own + out);
  }
  data += weights + kSets * bytes_of_value(0);
  return {.here = 2 * weights + kDouble * most_alive(graph), .there = data + call};
}

void refuse_too_large(const std::string& what, const CheckBytes& bytes) {
  const auto refuse = [&](std::int64_t needed, std::int64_t allowed, const char* where) {
    if (needed > allowed)
      throw usage_error(what + ": its check takes " + gib(needed) + " of memory, allowed are " +
                        gib(allowed) + where);
  };
  refuse(bytes.there, kCheckLimits.memory_bytes, ", what a process that checks may have");
  refuse(bytes.here, memory_here(), ", what there is here");
}

}  // namespace halcyon
