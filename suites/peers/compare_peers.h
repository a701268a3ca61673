#pragma once
#include <functional>
#include <memory>
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
  std::string description = {};    // a problem for those that are of_problems
  std::string own_case = {};       // what ours loads of a bundle of cases; empty: its network
  Tensor input;                    // as the network has it (NCHW)
  std::vector<Tensor> expected;    // of every output, likewise, of one dtype
  std::vector<Tensor> own_expected = {};  // of ours, where it has another form; empty: the same
  double tolerance = 1e-4;                // of each one's range, for who computes in f32
  MacCounts macs;                         // of one inference
  std::string dtype = "f32";              // that peers are asked to compute in, of kPeerDTypes
  int threads = 1;
  std::vector<int> cpus;  // as many as threads: pinned to, and probed
  Protocol protocol = contest_protocol();
  int inferences = 0;                                 // of a turn; 0: as many as the fastest needs
  std::function<void(const std::string&)> tell = {};  // what it is at, for a person; may be empty
  PeerPatience patience = {};
};
/// Times other systems beside ours: starts all, compares outputs, holds the contest, compares
/// outputs again. A system that is missing, wrong or fails is so in its result; only a lack of
/// children or of disk is an Error (exit 4). Nothing is left running.
PeerComparison compare_with_peers(const PeerTask&);

/// The systems of a task, which compute it and others, one after the other: what takes long to
/// start is started once. One that ends in one of them is started again for the next.
class RunningPeers {
 public:
  /// Of all tasks the same: device, systems, dtype, threads, cores, patience. Nothing is started
  /// yet.
  explicit RunningPeers(const PeerTask& who);
  ~RunningPeers();
  /// As compare_with_peers().
  PeerComparison compare(const PeerTask& what);

 private:
  friend class PeerRun;
  std::unique_ptr<Peer> started(const PeerProgram&, const std::vector<int>& cpus) const;
  const Device* const device_;
  const PeerPatience patience_;
  std::vector<std::unique_ptr<Peer>> systems_;  // ours, then the others
  std::vector<std::unique_ptr<Peer>> probes_;   // one on every core
};

}  // namespace halcyon
