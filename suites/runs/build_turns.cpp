#include "suites/runs/build_turns.h"

#include <filesystem>

#include "kernels/error.h"
#include "kernels/interrupt.h"
#include "results/figures/joined.h"
#include "results/files/temporary_folder.h"
#include "schedules/fence/child.h"
#include "schedules/fence/output_lines.h"
#include "suites/protocol/protocol.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

constexpr double kLongest = 4 * 3600;  // seconds, of one turn

class Turns {
 public:
  Turns(const BuildTurns& task, const OtherBuild& other, Progress& progress)
      : task_(task), other_(other), progress_(progress) {}

  Document run() {
    progress_.begin("taking turns", 2 * static_cast<std::size_t>(task_.rounds));
    bool complete = true;
    try {
      for (int round = 0; round < task_.rounds; round++) {
        // The other build first: what it does not understand of the words shows at once.
        for (const bool own_turn : {round % 2 != 0, round % 2 == 0})
          take(own_turn ? ours_ : theirs_, own_turn);
      }
    } catch (const Interrupted&) {
      const std::size_t whole = std::min(ours_.size(), theirs_.size());
      if (whole == 0) throw;
      ours_.resize(whole), theirs_.resize(whole);
      complete = false;
    }
    Document all = joined(ours_, theirs_, other_.name,
                          protocol_from_json(ours_.front().protocol).least_samples);
    all.command = task_.command;
    all.complete = complete;
    all.started_utc = theirs_.front().started_utc;
    all.seconds = 0;
    for (const auto* side : {&ours_, &theirs_})
      for (const Document& d : *side) all.seconds += d.seconds;
    all.protocol["processes"] = static_cast<int>(ours_.size());
    return all;
  }

 private:
  void take(std::vector<Document>& side, bool own_turn) {
    const TemporaryFolder folder;
    const std::string out = folder.path() + "/out", name = own_turn ? "this build" : other_.name,
                      own = fs::read_symlink("/proc/self/exe");
    std::vector<std::string> argv = {own_turn ? own : other_.program, "bench"};
    argv.insert(argv.end(), task_.words.begin(), task_.words.end());
    if (cpu_ >= 0) argv.push_back("--cpu=" + std::to_string(cpu_));
    argv.push_back("--out=" + out);
    progress_.now(name + ", turn " + std::to_string(side.size() + 1));
    const Ended e = run_program(
        {.wall_seconds = kLongest, .processes = 0, .isolation = Isolation::subreaper}, argv);
    const std::string results = out + "/results.json";
    if (!fs::exists(results)) {
      std::string said = last_line(e.output);
      if (said.starts_with("halcyon: ")) said.erase(0, 9);
      const bool exited = e.how == Ended::exited && e.code > 0;
      throw Error(exited ? static_cast<Exit>(e.code) : Exit::environment,
                  name + ": " + (exited ? "" : describe(e) + ": ") + said);
    }
    side.push_back(read_document(results));
    if (!task_.says_cpu) cpu_ = side.front().machine.pinned_cpu;
    progress_.step(name);
  }

  const BuildTurns& task_;
  const OtherBuild& other_;
  Progress& progress_;
  std::vector<Document> ours_, theirs_;
  int cpu_ = -1;
};

}  // namespace

Document take_turns(const BuildTurns& task, const OtherBuild& other, Progress& progress) {
  return Turns(task, other, progress).run();
}

}  // namespace halcyon
