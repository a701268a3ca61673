#include "suites/peers/onednn_chain.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace onednn_peer {
namespace {

using dnnl::algorithm;
using dnnl::memory;
using Tag = memory::format_tag;
constexpr auto kInference = dnnl::prop_kind::forward_inference;

memory::desc desc_of(const Dims& dims, Tag tag) { return {dims, memory::data_type::f32, tag}; }

struct ActForm {
  algorithm how;
  float alpha, beta;
};
ActForm act_form(const std::string& act) {
  static const std::map<std::string, ActForm> forms = {
      {"relu", {algorithm::eltwise_relu, 0, 0}},
      {"relu6", {algorithm::eltwise_clip, 0, 6}},
      {"hardswish", {algorithm::eltwise_hardswish, 1.f / 6, .5f}},
      {"hardsigmoid", {algorithm::eltwise_hardsigmoid, 1.f / 6, .5f}},
      {"silu", {algorithm::eltwise_swish, 1, 0}},
      {"sigmoid", {algorithm::eltwise_logistic, 0, 0}},
      {"gelu", {algorithm::eltwise_gelu_erf, 0, 0}}};
  return forms.at(act);
}
bool is_act(const std::string& word) {
  return word != "scale" && word != "add" && word != "skip" && word != "sums";
}

/// What computes in plain loops, or through another that was not meant for it.
bool is_makeshift(const std::string& worker) {
  return worker.find("ref") != worker.npos || worker.find("gemm:") == 0;
}

}  // namespace

Chain::Chain(const ProblemText& problem, Form form, const dnnl::engine& engine)
    : problem_(problem),
      form_(form),
      engine_(engine),
      stream_(engine),
      inputs_(problem.inputs.size()) {
  for (const OpText& op : problem.ops) add_op(op);
  current();
}

void Chain::add_op(const OpText& op) {
  if (op.word == "conv" || op.word == "dw" || op.word == "pw") return add_convolution(op);
  if (op.word == "linear") return add_linear(op);
  if (op.word == "gap") {
    current_ = mean();
  } else if (op.word == "maxpool") {
    add_max_pool(op);
  } else if (op.word == "se") {
    add_squeeze(op);
  } else if (op.word == "s2d") {
    add_rearranged(op);
  } else if (op.word == "upsample2x") {
    add_upsampled(op);
  } else if (op.word == "tokensum") {
    add_weighted_sum(op);
  } else if (op.word != "map") {
    throw std::runtime_error("oneDNN has no primitive for '" + op.word + "'");
  }
  add_epilogue(op.epilogue);
}

// Ops

dnnl::convolution_forward::primitive_desc Chain::convolution(
    const OpText& op, const memory::desc& in, const dnnl::primitive_attr& attributes) const {
  const Tag tag = form_.any ? Tag::any : Tag::nhwc;
  Dims weights = {op.out[1], op.in[1] / op.groups, op.kernel[0], op.kernel[1]};
  if (op.groups > 1) {
    weights[0] /= op.groups;
    weights.insert(weights.begin(), op.groups);
  }
  return {engine_,
          kInference,
          algorithm::convolution_auto,
          in,
          desc_of(weights, Tag::any),
          desc_of({op.out[1]}, Tag::a),
          desc_of(op.out, tag),
          op.stride,
          op.dilation,
          op.pad_low,
          op.pad_high,
          attributes};
}

void Chain::add_convolution(const OpText& op) {
  std::vector<Operand> operands;
  std::vector<std::string> rest;
  const auto attributes = post_ops(op, false, operands, rest);
  auto made = convolution(op, desc_of(op.in, form_.any ? Tag::any : Tag::nhwc), attributes);
  if (!is_first() && made.src_desc() != current_.get_desc()) {
    auto as_it_lies = convolution(op, current_.get_desc(), attributes);
    if (!is_makeshift(as_it_lies.impl_info_str())) made = as_it_lies;
  }
  workers_.emplace_back(made.impl_info_str());
  Dims weights = made.weights_desc().get_dims();
  const memory::desc given = desc_of(weights, op.groups > 1 ? Tag::hwigo : Tag::hwio);
  const memory in =
      is_first() ? input(0, made.src_desc()) : brought_into(current_, made.src_desc());
  const memory::desc bias = made.bias_desc();
  Arguments arguments = {
      {DNNL_ARG_SRC, in},
      {DNNL_ARG_WEIGHTS, packed(op.parameters.at("w"), given, made.weights_desc())},
      {DNNL_ARG_BIAS, packed(op.parameters.at("b"), bias, bias)}};
  for (const Operand& o : operands) {
    const int argument = DNNL_ARG_ATTR_MULTIPLE_POST_OP(o.post_op) | DNNL_ARG_SRC_1;
    arguments[argument] = input(o.input, made.query_md(dnnl::query::exec_arg_md, argument));
  }
  current_ = room_for(made.dst_desc());
  arguments[DNNL_ARG_DST] = current_;
  step(dnnl::convolution_forward(made), std::move(arguments));
  add_epilogue(rest);
}

void Chain::add_linear(const OpText& op) {
  std::vector<Operand> operands;
  std::vector<std::string> rest;
  const auto attributes = post_ops(op, true, operands, rest);
  const memory flat = brought_into(current(), desc_of(op.in, Tag::nhwc));
  current_ = product(flat, op.parameters.at("w"), op.parameters.at("b"), attributes, operands);
  add_epilogue(rest);
}

memory Chain::product(const memory& flat, const Floats& w, const Floats& b,
                      const dnnl::primitive_attr& attributes,
                      const std::vector<Operand>& operands) {
  const Dims in = flat.get_desc().get_dims();
  const auto outputs = static_cast<memory::dim>(b.size());
  const memory::desc bias = desc_of({outputs}, Tag::a), src = desc_of({in[0], in[1]}, Tag::ab),
                     dst = desc_of({in[0], outputs}, Tag::ab);
  const dnnl::inner_product_forward::primitive_desc made(
      engine_, kInference, src, desc_of({outputs, in[1]}, Tag::any), bias, dst, attributes);
  workers_.emplace_back(made.impl_info_str());
  const memory result = room_for(desc_of({in[0], outputs, 1, 1}, Tag::nhwc));
  Arguments arguments = {
      {DNNL_ARG_SRC, seen_as(flat, src)},
      {DNNL_ARG_WEIGHTS, packed(w, desc_of({outputs, in[1]}, Tag::ba), made.weights_desc())},
      {DNNL_ARG_BIAS, packed(b, bias, bias)},
      {DNNL_ARG_DST, seen_as(result, dst)}};
  for (const Operand& o : operands) {
    const Dims whole = problem_.inputs[o.input];
    arguments[DNNL_ARG_ATTR_MULTIPLE_POST_OP(o.post_op) | DNNL_ARG_SRC_1] =
        seen_as(input(o.input, desc_of(whole, Tag::nhwc)), desc_of({whole[0], whole[1]}, Tag::ab));
  }
  step(dnnl::inner_product_forward(made), std::move(arguments));
  return result;
}

void Chain::add_squeeze(const OpText& op) {
  const auto attributes = [](const std::string& act) {
    const ActForm form = act_form(act);
    dnnl::post_ops ops;
    ops.append_eltwise(form.how, form.alpha, form.beta);
    dnnl::primitive_attr attr;
    attr.set_post_ops(ops);
    return attr;
  };
  const memory squeezed = product(mean(), op.parameters.at("wr"), op.parameters.at("br"),
                                  attributes(op.acts.at(0)), {});
  add_binary(algorithm::binary_mul, product(squeezed, op.parameters.at("we"),
                                            op.parameters.at("be"), attributes(op.acts.at(1)), {}));
}

memory Chain::mean() {
  const memory map = current();
  const Dims in = map.get_desc().get_dims(), window = {in[2], in[3]}, none = {0, 0};
  const Dims out = {in[0], in[1], 1, 1};
  const memory::desc wanted = desc_of(out, Tag::nhwc);
  if (window == Dims{1, 1}) return brought_into(map, wanted);
  const dnnl::pooling_forward::primitive_desc made(
      engine_, kInference, algorithm::pooling_avg_include_padding, map.get_desc(),
      desc_of(out, form_.any ? Tag::any : Tag::nhwc), window, window, none, none, none);
  const memory result = room_for(made.dst_desc());
  step(dnnl::pooling_forward(made), {{DNNL_ARG_SRC, map}, {DNNL_ARG_DST, result}});
  return brought_into(result, wanted);
}

void Chain::add_max_pool(const OpText& op) {
  const memory map = current();
  const dnnl::pooling_forward::primitive_desc made(
      engine_, kInference, algorithm::pooling_max, map.get_desc(),
      desc_of(op.out, form_.any ? Tag::any : Tag::nhwc), op.stride, op.kernel, op.dilation,
      op.pad_low, op.pad_high);
  current_ = room_for(made.dst_desc());
  step(dnnl::pooling_forward(made), {{DNNL_ARG_SRC, map}, {DNNL_ARG_DST, current_}});
}

/// Space to depth: rows and pixels of a block change places, which a reorder does.
void Chain::add_rearranged(const OpText& op) {
  const memory map = brought_into(current(), desc_of(op.in, Tag::nhwc));
  const memory::dim b = op.block, pixels = b * op.in[1], rows = op.in[0] * op.out[2],
                    columns = op.out[3];
  const Dims dims = {rows, b, columns, pixels};
  const auto f32 = memory::data_type::f32;
  const memory::desc from(dims, f32, Dims{b * columns * pixels, columns * pixels, pixels, 1});
  const memory::desc to(dims, f32, Dims{b * columns * pixels, pixels, b * pixels, 1});
  current_ = room_for(desc_of(op.out, Tag::nhwc));
  step(dnnl::reorder(dnnl::reorder::primitive_desc(engine_, from, engine_, to)),
       {{DNNL_ARG_FROM, seen_as(map, from)}, {DNNL_ARG_TO, seen_as(current_, to)}});
}

void Chain::add_upsampled(const OpText& op) {
  const memory map = current();
  const dnnl::resampling_forward::primitive_desc made(
      engine_, kInference, algorithm::resampling_linear, std::vector<float>{2, 2}, map.get_desc(),
      desc_of(op.out, form_.any ? Tag::any : Tag::nhwc));
  current_ = room_for(made.dst_desc());
  step(dnnl::resampling_forward(made), {{DNNL_ARG_SRC, map}, {DNNL_ARG_DST, current_}});
}

/// The weights of all pixels times the matrix of pixels and channels.
void Chain::add_weighted_sum(const OpText& op) {
  const memory map = brought_into(current(), desc_of(op.in, Tag::nhwc));
  const memory::dim n = op.in[0], channels = op.in[1], pixels = op.in[2] * op.in[3];
  const std::size_t index = next_input_++;
  const memory weights = input(index, desc_of(problem_.inputs[index], Tag::nchw));
  const memory::desc row = desc_of({n, 1, pixels}, Tag::abc),
                     matrix = desc_of({n, pixels, channels}, Tag::abc),
                     sums = desc_of({n, 1, channels}, Tag::abc);
  current_ = room_for(desc_of(op.out, Tag::nhwc));
  step(dnnl::matmul(dnnl::matmul::primitive_desc(engine_, row, matrix, sums)),
       {{DNNL_ARG_SRC, seen_as(weights, row)},
        {DNNL_ARG_WEIGHTS, seen_as(map, matrix)},
        {DNNL_ARG_DST, seen_as(current_, sums)}});
}

// What follows an op

dnnl::primitive_attr Chain::post_ops(const OpText& op, bool flat, std::vector<Operand>& operands,
                                     std::vector<std::string>& rest) {
  dnnl::post_ops ops;
  for (const std::string& word : op.epilogue) {
    if (!form_.fused || word == "sums") {
      rest.push_back(word);
    } else if (is_act(word)) {
      const ActForm form = act_form(word);
      ops.append_eltwise(form.how, form.alpha, form.beta);
    } else {
      const std::size_t index = word == "skip" ? 0 : next_input_++;
      const Dims& whole = problem_.inputs[index];
      memory::desc operand = desc_of(whole, form_.any ? Tag::any : Tag::nhwc);
      if (flat) operand = desc_of({whole[0], whole[1]}, Tag::ab);
      if (!flat && word == "scale") operand = desc_of(whole, Tag::nchw);
      if (!flat && word == "skip" && inputs_[0]) operand = inputs_[0].get_desc();
      operands.push_back({ops.len(), index});
      ops.append_binary(word == "scale" ? algorithm::binary_mul : algorithm::binary_add, operand);
    }
  }
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(ops);
  return attributes;
}

void Chain::add_epilogue(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (is_act(word)) {
      add_act(word);
    } else if (word == "sums") {
      sums_.push_back(mean());
    } else if (word == "skip") {
      add_binary(algorithm::binary_add, input(0, current().get_desc()));
    } else {
      const memory::desc map = current().get_desc();  // before the operand: it may decide
      const std::size_t index = next_input_++;
      const bool scale = word == "scale";
      add_binary(scale ? algorithm::binary_mul : algorithm::binary_add,
                 input(index, scale ? desc_of(problem_.inputs[index], Tag::nchw) : map));
    }
  }
}

void Chain::add_act(const std::string& act) {
  const ActForm form = act_form(act);
  const memory from = current();
  const dnnl::eltwise_forward::primitive_desc made(engine_, kInference, form.how, from.get_desc(),
                                                   from.get_desc(), form.alpha, form.beta);
  if (from == inputs_[0]) current_ = room_for(from.get_desc());
  step(dnnl::eltwise_forward(made), {{DNNL_ARG_SRC, from}, {DNNL_ARG_DST, current_}});
}

void Chain::add_binary(algorithm how, const memory& operand) {
  const memory from = current();
  const dnnl::binary::primitive_desc made(engine_, how, from.get_desc(), operand.get_desc(),
                                          from.get_desc());
  if (from == inputs_[0]) current_ = room_for(from.get_desc());
  step(dnnl::binary(made),
       {{DNNL_ARG_SRC_0, from}, {DNNL_ARG_SRC_1, operand}, {DNNL_ARG_DST, current_}});
}

// Memory

const memory& Chain::current() {
  if (is_first()) current_ = input(0, desc_of(problem_.inputs[0], Tag::nhwc));
  return current_;
}

memory Chain::brought_into(const memory& from, const memory::desc& wanted) {
  if (from.get_desc() == wanted) return from;
  const memory to = room_for(wanted);
  step(dnnl::reorder(from, to), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
  return to;
}

memory Chain::input(std::size_t index, const memory::desc& wanted) {
  if (!inputs_[index]) inputs_[index] = room_for(wanted);
  return brought_into(inputs_[index], wanted);
}

memory Chain::packed(const Floats& values, const memory::desc& given, const memory::desc& wanted) {
  memory from(given, engine_), to(wanted, engine_);
  std::memcpy(from.get_data_handle(), values.data(), values.size() * sizeof(float));
  dnnl::reorder(from, to).execute(stream_, from, to);
  stream_.wait();
  return to;
}

void Chain::step(const dnnl::primitive& primitive, Arguments owners) {
  Step made{primitive, std::move(owners), {}};
  for (const auto& [argument, memory] : made.owners)
    made.arguments.push_back({argument, memory.get()});
  steps_.push_back(std::move(made));
}

// Running

void Chain::infer() {
  for (const Step& s : steps_)
    dnnl::error::wrap_c_api(
        dnnl_primitive_execute(s.primitive.get(), stream_.get(),
                               static_cast<int>(s.arguments.size()), s.arguments.data()),
        "a primitive cannot be executed");
  stream_.wait();
}

void Chain::bind(const Floats& values) {
  std::size_t next = 0;
  for (std::size_t i = 0; i < inputs_.size(); i++) {
    const memory::desc given = desc_of(problem_.inputs[i], Tag::nchw);
    const std::size_t bytes = given.get_size(), elements = bytes / sizeof(float);
    if (next + elements > values.size()) throw std::runtime_error("the input is cut short");
    const Floats own(values.begin() + static_cast<std::ptrdiff_t>(next),
                     values.begin() + static_cast<std::ptrdiff_t>(next + elements));
    memory to = packed(own, given, inputs_[i].get_desc());
    std::memcpy(inputs_[i].get_data_handle(), to.get_data_handle(),
                inputs_[i].get_desc().get_size());
    next += elements;
  }
}

Floats Chain::outputs() {
  Floats all;
  std::vector<memory> results = sums_;
  results.insert(results.begin(), current_);
  for (memory& from : results) {
    memory to(desc_of(from.get_desc().get_dims(), Tag::nchw), engine_);
    dnnl::reorder(from, to).execute(stream_, from, to);
    stream_.wait();
    const auto* begin = static_cast<const float*>(to.get_data_handle());
    all.insert(all.end(), begin, begin + to.get_desc().get_size() / sizeof(float));
  }
  return all;
}

std::string Chain::note() const {
  std::string text =
      std::string(form_.any ? "any" : "nhwc") + "; post-ops " + (form_.fused ? "fused" : "apart");
  std::string told = " ";
  for (const std::string& worker : workers_) {
    if (told.find(" " + worker + " ") != told.npos) continue;
    text += ", " + worker;
    told += worker + " ";
  }
  return text;
}

}  // namespace onednn_peer
