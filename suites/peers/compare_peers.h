#pragma once
#include <functional>
#include <string>
#include <vector>

#include "kernels/oracle/tensor.h"
#include "results/record/peer_record.h"
#include "suites/peers/peer.h"

namespace halcyon {

/// What is computed by everybody.
struct PeerTask {
  const Device* device = nullptr;  // where all of them run
  PeerProgram own;                 // own_program() of the network's bundle
  PeerProgram prober;              // own_program() of any bundle for this host
  std::vector<PeerProgram> peers;  // peer_programs()
  std::string model;               // the .onnx file that peers load
  Tensor input;                    // as the network has it (NCHW)
  std::vector<Tensor> expected;    // of every output, likewise, of one dtype
  double tolerance = 1e-4;         // of each one's range, for who computes in f32
  MacCounts macs;                  // of one inference
  std::string dtype = "f32";       // that peers are asked to compute in, of kPeerDTypes
  int threads = 1;
  std::vector<int> cpus;  // as many as threads: pinned to, and probed
  Protocol protocol = contest_protocol();
  std::function<void(const std::string&)> tell = {};  // what it is at, for a person; may be empty
  PeerPatience patience = {};
};
/// Times other systems beside ours: starts all, compares outputs, holds the contest, compares
/// outputs again. A system that is missing, wrong or fails is so in its result; only a lack of
/// children or of disk is an Error (exit 4). Nothing is left running.
PeerComparison compare_with_peers(const PeerTask&);

}  // namespace halcyon
