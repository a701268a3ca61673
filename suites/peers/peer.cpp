#include "suites/peers/peer.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <sstream>

#include "kernels/oracle/tensor_file.h"
#include "suites/meters/run_job.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

/// Of everything that a system does.
constexpr double kLifeSeconds = 3600;

}  // namespace

std::vector<PeerProgram> peer_programs(const std::string& root) {
  const std::string bin = root + "/.deps/peers/bin/", python = bin + "python";
  const auto why_not = [](const std::string& program) {
    return fs::exists(program) ? "" : "`make peers` installs it";
  };
  std::vector<PeerProgram> programs;
  std::error_code ignored;  // no folder, no peers
  for (const auto& file : fs::directory_iterator(root + "/suites/peers", ignored)) {
    const std::string stem = file.path().stem(), kind = file.path().extension(), ending = "_peer";
    if (!stem.ends_with(ending) || stem == "line" + ending) continue;
    const std::string name = stem.substr(0, stem.size() - ending.size());
    if (kind == ".cpp") programs.push_back({name, {bin + stem}, why_not(bin + stem), true});
    if (kind == ".py")  // with nothing of the user's Python
      programs.push_back({name, {python, "-B", "-E", "-s", file.path()}, why_not(python)});
  }
  std::sort(programs.begin(), programs.end(),
            [](const PeerProgram& a, const PeerProgram& b) { return a.name < b.name; });
  return programs;
}

PeerProgram own_program(const Device& device, const Bundle& bundle) {
  return {"halcyon", {program_on(device, bundle), "--serve"}, ""};
}

Peer::Peer(const Device& device, const PeerProgram& program, const std::vector<int>& cpus,
           const PeerPatience& patience)
    : device_(device),
      program_(program),
      cpus_(cpus),
      patience_(patience),
      name_(program.name),
      why_(program.why_not) {
  if (why_.empty()) start();
}

void Peer::start() {
  const Limits limits{.wall_seconds = kLifeSeconds, .memory_bytes = std::int64_t{16} << 30};
  dialogue_.reset();  // the one before has ended when the next begins
  dialogue_ = device_.serve(program_.argv, limits, cpus_);
  gone_ = false;
}

std::optional<std::string> Peer::ask(const std::string& request, double seconds) {
  if (!dialogue_) return std::nullopt;
  const Reply reply = dialogue_->ask(request, seconds);
  why_ = reply.text;
  gone_ = reply.how != Reply::answered;
  if (gone_) return std::nullopt;
  if (reply.text == "ok") return "";
  if (reply.text.starts_with("ok ")) return reply.text.substr(3);
  if (reply.text.starts_with("error "))
    why_ = reply.text.substr(6);
  else
    why_ = "'" + reply.text.substr(0, 60) + "' is no answer to '" + request + "'";
  return std::nullopt;
}

std::optional<std::vector<double>> Peer::numbers(const std::string& request, std::size_t count,
                                                 double seconds) {
  const auto text = ask(request, seconds);
  if (!text) return std::nullopt;
  std::vector<double> found;
  const char* at = text->data();
  const char* const end = at + text->size();
  while (at < end && found.size() <= count) {
    double value = 0;
    const auto [stop, error] = std::from_chars(at, end, value);
    if (error != std::errc() || (stop < end && *stop != ' ')) break;
    found.push_back(value);
    at = stop < end ? stop + 1 : end;
  }
  if (found.size() == count && at == end) return found;
  why_ = "'ok " + text->substr(0, 60) + "' is no answer to '" + request + "'";
  return std::nullopt;
}

Renewal Peer::renew() {
  if (ready_seconds_ > patience_.renew) return Renewal::kept;
  start();
  const bool ready = meet(threads_, dtype_) && load_named(loaded_) && bind(input_, elements_);
  return ready ? Renewal::renewed : Renewal::failed;
}

bool Peer::meet(int threads, const std::string& dtype) {
  threads_ = threads;
  dtype_ = dtype;
  if (!ask("threads " + std::to_string(threads), patience_.meet)) return false;
  const auto about = ask("hello", patience_.meet);
  if (!about) return false;
  std::istringstream words(*about);
  std::string name;  // it is called what its file is called
  words >> name >> version_ >> std::ws;
  std::getline(words, options_);
  if (dtype == "f32") return true;
  const auto set = ask("dtype " + dtype, patience_.meet);
  if (set && !set->empty()) options_ = *set;
  return set.has_value();
}

bool Peer::load(const std::string& path) { return load_named(device_.push(path)); }

bool Peer::load_named(const std::string& name) {
  const bool quantises = dtype_ != "f32", first = name != loaded_;
  loaded_ = name;
  const auto begun = std::chrono::steady_clock::now();
  const auto about = ask("load " + name, quantises ? patience_.quantise : patience_.load);
  // What it quantised is kept: the next load tells how long it takes to be ready.
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begun;
  ready_seconds_ = quantises && first ? 0 : spent.count();
  take_loaded(about.value_or(""));
  return about.has_value();
}

void Peer::take_loaded(const std::string& about) {
  precision_ = input_dtype_ = output_dtype_ = "f32";  // where it says nothing
  const std::pair<std::string, std::string*> known[] = {
      {"precision=", &precision_}, {"in=", &input_dtype_}, {"out=", &output_dtype_}};
  const auto take = [&](const std::string& word) {
    for (const auto& [key, value] : known)
      if (word.starts_with(key)) return *value = word.substr(key.size()), true;
    return false;
  };
  std::size_t at = 0;  // the layout begins at the first word that is none of these
  while (at < about.size()) {
    const std::size_t end = std::min(about.find(' ', at), about.size());
    if (!take(about.substr(at, end - at))) break;
    at = end + 1;
  }
  layout_ = at < about.size() ? about.substr(at) : "";
}

bool Peer::bind(const std::string& path, std::size_t elements) {
  input_ = path;
  elements_ = elements;
  const auto taken = numbers("input " + device_.push(path), 1, patience_.file);
  if (!taken) return false;
  if (taken->front() == static_cast<double>(elements)) return true;
  why_ = "its input has " + std::to_string(static_cast<std::int64_t>(taken->front())) +
         " elements, ours " + std::to_string(elements);
  return false;
}

std::optional<PeerTurn> Peer::run(int inferences) {
  const auto figures = numbers("run " + std::to_string(inferences), 2,
                               patience_.run + patience_.inference * inferences);
  if (!figures) return std::nullopt;
  const PeerTurn turn{static_cast<std::int64_t>((*figures)[0]),
                      static_cast<std::int64_t>((*figures)[1])};
  if (turn.ns > 0 && turn.waited_ns >= 0) return turn;
  why_ = "a turn of " + std::to_string(turn.ns) + " ns cannot be";
  return std::nullopt;
}

std::optional<Tensor> Peer::output(const std::string& path, DType dtype, std::size_t most) {
  fs::remove(path);  // or what another one wrote would be taken for it
  if (!numbers("output " + device_.push(path), 1, patience_.file)) return std::nullopt;
  device_.pull(path);
  if (!fs::exists(path)) return Tensor();
  return read_tensor(path, dtype, most);
}

std::optional<CoreLevel> Peer::probe() {
  // A turn is 20 ms or more: its probes should meet their share of what interrupts it.
  constexpr const char* kLong = "probe 16";
  const auto rates = numbers(kLong, 2, patience_.probe);
  if (!rates) return std::nullopt;
  return CoreLevel{(*rates)[0], (*rates)[1]};
}

}  // namespace halcyon
