#pragma once
#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "suites/peers/onednn_problem.h"

/// A problem of Halcyon as primitives of oneDNN. For the adapter alone.
namespace onednn_peer {

/// Which layouts its tensors have, and whether an epilogue goes into the primitive before it.
struct Form {
  bool any = false;    // each primitive's own choice; else NHWC as it is given
  bool fused = false;  // as post-ops
};

/// A problem made ready to run: primitives in their order, on memory of their own.
class Chain {
 public:
  /// Throws dnnl::error where oneDNN has no such primitive.
  Chain(const ProblemText&, Form, const dnnl::engine&);
  Chain(const Chain&) = delete;
  Chain& operator=(const Chain&) = delete;

  /// All inputs one after the other, each NCHW.
  void bind(const Floats&);
  void infer();
  Floats outputs();  // likewise
  /// The layout, and what else was chosen: "any; post-ops fused, brgconv:avx512_core".
  std::string note() const;

 private:
  using Arguments = std::unordered_map<int, dnnl::memory>;
  struct Step {
    dnnl::primitive primitive;
    Arguments owners;
    std::vector<dnnl_exec_arg_t> arguments;  // as the C interface takes them, made once
  };
  /// A further operand that is a post-op of the primitive being made: its place among them.
  struct Operand {
    int post_op;
    std::size_t input;
  };

  void add_op(const OpText&);
  void add_convolution(const OpText&);
  void add_linear(const OpText&);
  void add_squeeze(const OpText&);
  void add_max_pool(const OpText&);
  void add_rearranged(const OpText&);
  void add_upsampled(const OpText&);
  void add_weighted_sum(const OpText&);
  void add_epilogue(const std::vector<std::string>& words);
  void add_act(const std::string& act);
  void add_binary(dnnl::algorithm, const dnnl::memory& operand);

  /// The epilogue as post-ops, as far as it can be; what is left goes into `rest`.
  dnnl::primitive_attr post_ops(const OpText&, bool flat, std::vector<Operand>&,
                                std::vector<std::string>& rest);
  dnnl::convolution_forward::primitive_desc convolution(const OpText&, const dnnl::memory::desc& in,
                                                        const dnnl::primitive_attr&) const;
  /// A dense layer on Nx1x1xC; its result likewise.
  dnnl::memory product(const dnnl::memory& flat, const Floats& w, const Floats& b,
                       const dnnl::primitive_attr&, const std::vector<Operand>&);
  dnnl::memory mean();  // over the map, Nx1x1xC
  dnnl::memory packed(const Floats&, const dnnl::memory::desc& given,
                      const dnnl::memory::desc& wanted);

  bool is_first() const { return !current_; }  // nothing has read the problem's input
  /// What the last step gave, at first the input; NHWC where nobody has decided.
  const dnnl::memory& current();
  dnnl::memory brought_into(const dnnl::memory& from, const dnnl::memory::desc&);
  /// An input of the problem in a layout: the first that is asked for is free.
  dnnl::memory input(std::size_t index, const dnnl::memory::desc& wanted);
  void step(const dnnl::primitive&, Arguments);
  /// Memory that lives as long as the chain: others look into it.
  dnnl::memory room_for(const dnnl::memory::desc& desc) {
    return kept_.emplace_back(desc, engine_);
  }
  dnnl::memory seen_as(const dnnl::memory& whole, const dnnl::memory::desc& desc) const {
    return {desc, engine_, whole.get_data_handle()};
  }

  const ProblemText& problem_;
  const Form form_;
  const dnnl::engine engine_;
  dnnl::stream stream_;
  std::vector<dnnl::memory> inputs_;  // empty until their layout is decided
  dnnl::memory current_;              // none: it is the problem's input
  std::size_t next_input_ = 1;
  std::vector<dnnl::memory> kept_;
  std::vector<Step> steps_;
  std::vector<dnnl::memory> sums_;
  std::vector<std::string> workers_;
};

}  // namespace onednn_peer
