// What a command reads, it reads once: the kernel tells every time that a file is opened.
#include <sys/inotify.h>
#include <unistd.h>

#include "halcyon_program.h"
#include "results/text/json_text.h"
#include "schedules/targets/target.h"
#include "suites/graph/sample_graphs.h"
#include "suites/onnx/writing/export.h"

namespace halcyon {
namespace {

/// Counts how often a file is opened from now on.
class Openings {
 public:
  explicit Openings(const std::string& path) : queue_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    // With the closing between them two openings are never told as one.
    EXPECT_GE(inotify_add_watch(queue_, path.c_str(), IN_OPEN | IN_CLOSE), 0);
  }
  ~Openings() { close(queue_); }
  int count() const {
    int opened = 0;
    alignas(inotify_event) char events[4096];
    for (ssize_t size; (size = ::read(queue_, events, sizeof events)) > 0;)
      for (const char* at = events; at < events + size; at += sizeof(inotify_event))
        opened += (reinterpret_cast<const inotify_event*>(at)->mask & IN_OPEN) != 0;
    return opened;
  }

 private:
  const int queue_;
};

class ReadsOnce : public Program {
 protected:
  ReadsOnce() {
    Target target = detect_host();
    target.name = "board";
    write(target_, indented_text(to_json(target)));
    write(steps_, "out: unroll c\n");
    Graph graph = sample_network();
    seed_parameters(graph, 1);
    write_onnx(graph, model_);
  }
  /// How often the command opens the file.
  int reads(const std::string& file, Words words) const {
    const Openings openings(file);
    const Ended e = halcyon(words);
    EXPECT_TRUE(e.code == 0 || e.code == 6) << join(words) << e.output;  // 6: a busy machine
    return openings.count();
  }
  const std::string target_ = path("board.json"), steps_ = path("own.steps"),
                    model_ = path("sample.onnx");
};

TEST_F(ReadsOnce, ATargetsFileWhateverIsDoneForIt) {
  const std::string problem = "1x4x4x8 | pw 8";
  const std::vector<Words> commands = {
      {"show", problem},
      {"show", model_, "--part", "plan"},
      {"check", problem, model_, "-q"},
      {"check", problem, "--source", "li2018", "-q"},
      {"bench", problem, model_, "--quick", "--layers", "--against", "recipe", "-q"},
      {"tune", problem, "--quick", "--budget", "2", "-q", "-o", path("tune")},
      {"emit", problem, "-q", "-o", path("kernel")}};
  for (Words words : commands) {
    words.insert(words.end(), {"--target", target_});
    EXPECT_EQ(reads(target_, words), 1) << join(words);
  }
  EXPECT_EQ(reads(target_, {"show", target_}), 1);
}

TEST_F(ReadsOnce, AScheduleOfOnesOwn) {
  EXPECT_EQ(reads(steps_, {"check", "1x4x4x8 | pw 8", "--schedule", steps_, "-q"}), 1);
}

}  // namespace
}  // namespace halcyon
