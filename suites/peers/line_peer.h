#pragma once
#include <dirent.h>
#include <sched.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

/// The protocol of README.md, for systems that have an interface in C++: what line_peer.py is for
/// Python. For adapters alone, which nothing of Halcyon is linked with.
namespace line_peer {

/// What /proc says of each thread of this process, by its number.
template <class Read>
void each_thread(const char* file, Read read) {
  DIR* tasks = opendir("/proc/self/task");
  if (!tasks) return;
  while (const dirent* entry = readdir(tasks)) {
    if (entry->d_name[0] == '.') continue;
    std::ifstream in("/proc/self/task/" + std::string(entry->d_name) + "/" + file);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!text.empty()) read(std::string(entry->d_name), text);  // else it has gone
  }
  closedir(tasks);
}

/// How long each thread was ready to run and had no core, ns since it began.
inline std::map<std::string, long long> waits_of_threads() {
  std::map<std::string, long long> waits;
  each_thread("schedstat", [&](const std::string& thread, const std::string& text) {
    const auto space = text.find(' ');
    if (space != text.npos) waits[thread] = std::atoll(text.c_str() + space);
  });
  return waits;
}

/// Until no other thread of this process runs, at most 0.2 s: one that spins on for a while would
/// disturb whoever comes next.
inline void wait_for_workers() {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::milliseconds(200);
  char link[64] = {};  // in a PID namespace gettid() says another number than /proc
  if (readlink("/proc/thread-self", link, sizeof link - 1) < 0) return;
  const std::string self = std::string(link).substr(std::string(link).rfind('/') + 1);
  for (bool running = true; running && Clock::now() < end;) {
    running = false;
    each_thread("stat", [&](const std::string& thread, const std::string& text) {
      const auto name_end = text.rfind(") ");
      running |= thread != self && name_end != text.npos && text[name_end + 2] == 'R';
    });
    if (running) std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
}

/// Answers requests until there are no more. An adapter has `hello()` and `load(path)`, both of
/// which return text, `bind(values)`, `infer()` and `outputs()`, all outputs one after the other;
/// it is made of the number of threads.
template <class Adapter>
class Session {
 public:
  std::string answer(const std::string& request, const std::string& argument) {
    if (request == "threads") return threads_ = std::stoi(argument), "";
    if (request == "hello") return adapter().hello();
    if (request == "load") return adapter().load(argument);
    if (request == "input") return bind(argument);
    if (request == "run") return run(std::stoi(argument));
    if (request == "output") return write(argument);
    throw std::runtime_error("no such request: '" + request + "'");
  }

 private:
  Adapter& adapter() {
    if (!adapter_) adapter_ = std::make_unique<Adapter>(threads_);
    return *adapter_;
  }

  std::string bind(const std::string& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) throw std::runtime_error(path + ": cannot be read");
    std::vector<float> values(static_cast<std::size_t>(file.tellg()) / sizeof(float));
    file.seekg(0);
    file.read(reinterpret_cast<char*>(values.data()),
              static_cast<std::streamsize>(values.size() * sizeof(float)));
    adapter().bind(values);
    return std::to_string(values.size());
  }

  std::string run(int times) {
    using Clock = std::chrono::steady_clock;  // CLOCK_MONOTONIC, as in our own runner
    Adapter& system = adapter();
    const auto before = waits_of_threads();
    const auto began = Clock::now();
    for (int i = 0; i < times; i++) system.infer();
    const auto ns = std::chrono::nanoseconds(Clock::now() - began).count();
    long long waited = 0;
    for (const auto& [thread, wait] : waits_of_threads()) {
      const auto known = before.find(thread);
      waited += wait - (known == before.end() ? 0 : known->second);
    }
    wait_for_workers();
    return std::to_string(ns) + " " + std::to_string(waited);
  }

  std::string write(const std::string& path) {
    const std::vector<float> values = adapter().outputs();
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(float)));
    if (!file.flush()) throw std::runtime_error(path + ": cannot be written");
    return std::to_string(values.size());
  }

  int threads_ = 1;
  std::unique_ptr<Adapter> adapter_;  // made when it is first needed
};

/// The descriptor that was asked for. Standard output then is standard error: what a library prints
/// is no answer.
inline int open_answers(int argc, char** argv) {
  constexpr char kFlag[] = "--result-fd=";
  const char* last = argv[argc - 1];
  const bool told = argc > 1 && std::strncmp(last, kFlag, sizeof kFlag - 1) == 0;
  const int answers = told ? std::atoi(last + sizeof kFlag - 1) : dup(1);
  dup2(2, 1);
  return answers;
}

template <class Adapter>
int serve(int argc, char** argv) {
  const int answers = open_answers(argc, argv);
  Session<Adapter> session;
  for (std::string line; std::getline(std::cin, line) && line != "quit";) {
    const auto space = line.find(' ');
    std::string text;
    try {
      text = "ok " + session.answer(line.substr(0, space),
                                    space == line.npos ? "" : line.substr(space + 1));
    } catch (const std::exception& e) {
      text = std::string("error ") + e.what();
    }
    if (text == "ok ") text = "ok";
    dprintf(answers, "%s\n", text.c_str());
  }
  return 0;
}

}  // namespace line_peer
