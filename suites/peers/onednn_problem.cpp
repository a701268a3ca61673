#include "suites/peers/onednn_problem.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace onednn_peer {
namespace {

using dnnl::memory;
using nlohmann::json;

OpText read_op(const json& j, const Floats& parameters) {
  OpText op;
  op.word = j.at("op");
  j.at("in").get_to(op.in);
  j.at("out").get_to(op.out);
  j.at("kernel").get_to(op.kernel);
  j.at("stride").get_to(op.stride);
  j.at("dilation").get_to(op.dilation);
  j.at("pad_low").get_to(op.pad_low);
  j.at("pad_high").get_to(op.pad_high);
  op.groups = j.at("groups");
  op.block = j.at("block");
  j.at("acts").get_to(op.acts);
  j.at("epilogue").get_to(op.epilogue);
  for (const auto& [name, place] : j.at("parameters").items()) {
    const auto begin = parameters.begin() + place.at("at").get<std::ptrdiff_t>();
    op.parameters[name] = Floats(begin, begin + place.at("elements").get<std::ptrdiff_t>());
  }
  for (memory::dim& d : op.dilation) d--;  // oneDNN counts what lies between two taps
  return op;
}

}  // namespace

ProblemText read_problem(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + ": cannot be read");
  const json j = json::parse(file);
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  std::ifstream raw(folder + j.at("parameters").get<std::string>(), std::ios::binary);
  Floats parameters(j.at("elements").get<std::size_t>());
  raw.read(reinterpret_cast<char*>(parameters.data()),
           static_cast<std::streamsize>(parameters.size() * sizeof(float)));
  if (!raw) throw std::runtime_error(path + ": its parameters are cut short");
  ProblemText problem;
  j.at("inputs").get_to(problem.inputs);
  for (const json& op : j.at("ops")) problem.ops.push_back(read_op(op, parameters));
  return problem;
}

}  // namespace onednn_peer
