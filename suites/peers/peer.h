#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernels/oracle/tensor.h"
#include "results/record/peer_record.h"
#include "suites/meters/device.h"
#include "suites/peers/contest.h"

namespace halcyon {

struct Bundle;

/// A program that speaks the protocol of suites/peers/README.md.
struct PeerProgram {
  std::string name;               // "onnxruntime"
  std::vector<std::string> argv;  // without its last word, the descriptor for answers
  std::string why_not;            // why it cannot be started here; empty where it can
  bool of_problems = false;       // it loads the description of a problem, and no network
};
/// The adapters in `root`/suites/peers, sorted by name; `root`: of the project, as HALCYON_ROOT.
/// All are `why_not` where `make peers` has not run. NAME_peer.cpp is a program that it makes
/// there, for problems alone.
std::vector<PeerProgram> peer_programs(const std::string& root);
/// The program of a bundle, on a device, as one that takes part, or that only probes the core.
PeerProgram own_program(const Device&, const Bundle&);

/// How long a request may take, in seconds; whoever takes longer is killed. Preparing a large
/// network takes a peer up to half a minute, and minutes where it has to be quantised first.
struct PeerPatience {
  double meet = 60, load = 180, quantise = 1800, file = 30, probe = 10;
  double run = 60, inference = 10;  // of a turn: run + inference * its inferences
  double renew = 5;                 // one that took longer to be ready stays in its first process
};

/// A running system that computes a network, or none.
class Peer : public Contestant {
 public:
  /// Runs on the device, which must outlive it. `cpus`: the cores that it is pinned to.
  Peer(const Device&, const PeerProgram&, const std::vector<int>& cpus, const PeerPatience& = {});

  /// These are asked in this order. False, or none, when the system cannot; `why` says why, and
  /// whether it is still there to be asked.
  /// Fills name, version, options. `dtype`: that it is to compute in; only one that is to leave f32
  /// is asked for it, so that adapters of the first version go on working.
  bool meet(int threads, const std::string& dtype = "f32");
  bool load(const std::string& path);                        // an ONNX file for a peer
  bool load_named(const std::string& name);                  // what has a name there, and no file
  bool bind(const std::string& path, std::size_t elements);  // a raw file
  std::optional<PeerTurn> run(int inferences) override;
  Renewal renew() override;
  std::optional<Tensor> output(const std::string& path, DType, std::size_t most);
  std::optional<CoreLevel> probe();  // of our own runner only

  const std::string& name() const { return name_; }
  const std::string& version() const { return version_; }
  const std::string& options() const { return options_; }
  /// As `load` tells them, of what was loaded last: what it computes in, what the files of `input`
  /// and `output` hold, and how tensors lie.
  const std::string& precision() const { return precision_; }
  const std::string& input_dtype() const { return input_dtype_; }
  const std::string& output_dtype() const { return output_dtype_; }
  const std::string& layout() const { return layout_; }
  const std::string& why() const { return why_; }
  bool has_gone() const { return gone_; }  // it was there, and gives no answer any more

 private:
  /// What stands behind "ok" in the answer.
  std::optional<std::string> ask(const std::string& request, double seconds);
  /// Likewise, as so many numbers.
  std::optional<std::vector<double>> numbers(const std::string& request, std::size_t count,
                                             double seconds);

  void start();
  void take_loaded(const std::string& about);  // from what stands behind "ok" of `load`

  const Device& device_;
  const PeerProgram program_;
  const std::vector<int> cpus_;
  const PeerPatience patience_;
  int threads_ = 1;  // as it was asked, for the process after this one
  std::string dtype_ = "f32", loaded_, input_;
  std::size_t elements_ = 0;
  double ready_seconds_ = 0;  // that loading took, the longest of what a start does
  std::string name_, version_, options_, layout_, why_;
  std::string precision_ = "f32", input_dtype_ = "f32", output_dtype_ = "f32";
  bool gone_ = false;
  std::unique_ptr<Dialogue> dialogue_;  // none where it cannot be started
};

}  // namespace halcyon
