#include "suites/runner/bundle/bundled.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "suites/runner/bundle/bundled_network.h"

namespace halcyon {
namespace {

using nlohmann::json;

DType dtype_of(const std::string& word) {
  DType dtype{};
  if (!dtype_from_text(word, &dtype))
    throw std::runtime_error("manifest.json: '" + word + "' is no dtype");
  return dtype;
}

Role role_of(const std::string& word) {
  if (word == "weight") return Role::weight;
  if (word == "bias") return Role::bias;
  if (word == "scale") return Role::scale;
  if (word == "extra") return Role::extra;
  return word == "output" ? Role::output : Role::input;
}

KernelEntry find_entry(std::span<const BenchEntry> entries, const std::string& symbol) {
  for (const BenchEntry& e : entries)
    if (symbol == e.symbol) return e.call;
  throw std::runtime_error("manifest.json: the program has no '" + symbol + "'");
}

std::span<const std::byte> map_file(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (fd < 0 || fstat(fd, &status) != 0) throw std::runtime_error(path + ": cannot be read");
  const auto bytes = static_cast<std::size_t>(status.st_size);
  if (bytes == 0) {  // a bundle without cases
    close(fd);
    return {};
  }
  void* data = mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, fd, 0);
  close(fd);
  if (data == MAP_FAILED) throw std::runtime_error(path + ": cannot be mapped");
  return {static_cast<const std::byte*>(data), bytes};
}

}  // namespace

std::size_t BundledCase::working_set() const {
  std::size_t bytes = 0;
  for (const auto& a : arguments) bytes += a.bytes();
  return bytes;
}

void OpenBundle::Unmap::operator()(const std::byte* data) const {
  munmap(const_cast<std::byte*>(data), bytes);
}

OpenBundle::OpenBundle(const std::string& folder, std::span<const BenchEntry> entries) {
  std::ifstream file(folder + "/manifest.json");
  if (!file) throw std::runtime_error(folder + "/manifest.json: cannot be read");
  const json manifest = json::parse(file);
  const auto mapped = map_file(folder + "/data.bin");
  data_ = {mapped.data(), Unmap{mapped.size()}};
  isa_ = manifest.at("isa");
  threads_ = manifest.at("threads");
  manifest.at("sets").get_to(sets_);
  for (const json& j : manifest.at("cases")) {
    BundledCase c;
    c.id = j.at("id");
    c.timed = find_entry(entries, j.at("symbol"));
    if (j.contains("checked_symbol")) c.checked = find_entry(entries, j.at("checked_symbol"));
    c.macs = j.at("macs");
    c.macs_inside = j.at("macs_inside");
    c.peak = dtype_of(j.at("peak"));
    for (const json& a : j.at("arguments")) c.arguments.push_back(argument_of(a));
    c.bare = c.arguments.front().sets.empty();
    cases_.push_back(std::move(c));
  }
  std::vector<BundledNetwork> networks;
  if (manifest.contains("network")) networks.push_back(network_of(manifest.at("network"), *this));
  if (manifest.contains("variants"))
    for (const json& j : manifest.at("variants")) networks.push_back(network_of(j, *this));
  networks_ = std::make_shared<const std::vector<BundledNetwork>>(std::move(networks));
}

std::span<const std::byte> OpenBundle::data(std::size_t offset, std::size_t bytes) const {
  if (offset + bytes > data_.get_deleter().bytes)
    throw std::runtime_error("data.bin: shorter than manifest.json says");
  return {data_.get() + offset, bytes};
}

BundledArgument OpenBundle::argument_of(const json& j) const {
  BundledArgument a;
  a.spec.name = j.at("name");
  a.spec.role = role_of(j.at("role"));
  a.spec.dtype = dtype_of(j.at("dtype"));
  j.at("axes").get_to(a.spec.axes);
  j.at("logical_extents").get_to(a.spec.extents);
  j.at("extents").get_to(a.extents);
  a.alignment = j.at("alignment");
  if (a.output()) a.tolerance = {j.at("tolerance_abs"), j.at("tolerance_rel")};
  a.elements = j.at("elements");
  for (const std::size_t offset : j.at("offsets"))
    a.sets.push_back({a.spec.dtype, data(offset, a.bytes())});
  return a;
}

const BundledCase& OpenBundle::find(const std::string& id) const {
  const auto found =
      std::find_if(cases_.begin(), cases_.end(), [&](const BundledCase& c) { return c.id == id; });
  if (found == cases_.end()) throw std::runtime_error("no case '" + id + "' in this bundle");
  return *found;
}

const BundledNetwork& OpenBundle::network() const {
  if (networks_->empty()) throw std::runtime_error("no network in this bundle");
  return networks_->front();
}

}  // namespace halcyon
