#include "schedules/compile/emit.h"

#include <unistd.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "kernels/algorithms/algorithm.h"
#include "kernels/algorithms/algorithm_text.h"
#include "schedules/apply/apply.h"

extern char** environ;

namespace halcyon {
namespace {

/// The first line that is not empty, without Halide's "Error: ".
std::string first_line(const std::string& message) {
  std::istringstream lines(message);
  std::string line;
  while (std::getline(lines, line) && line.empty()) {
  }
  return line.starts_with("Error: ") ? line.substr(7) : line;
}

/// What `print` writes to std::cerr, the one place that Halide prints loop nests to.
template <class Fn>
std::string captured(Fn print) {
  std::ostringstream text;
  std::streambuf* before = std::cerr.rdbuf(text.rdbuf());
  print();
  std::cerr.rdbuf(before);
  return text.str();
}

/// Ends a child with a line; one that cannot be written shows as a child that said nothing.
int say(int fd, EmitExit exit, const std::string& line) {
  return write(fd, line.data(), line.size()) < 0 ? emit_infra : exit;
}

void emit_texts(Algorithm& algorithm, Halide::Module& module, const EmitFiles& files) {
  using Halide::OutputFileType;
  module.compile({{OutputFileType::stmt, files.stmt}});
  std::ofstream(files.loop_nest) << captured([&] { algorithm.pipeline().print_loop_nest(); });
}

}  // namespace

int guarded(int result_fd, const std::function<int()>& make) {
  try {
    const int code = make();
    return code == emit_ok ? say(result_fd, emit_ok, kEmitDone) : code;
  } catch (const Error& e) {
    return say(result_fd, emit_refused, first_line(e.what()));
  } catch (const Halide::Error& e) {  // not a std::exception
    return say(result_fd, emit_refused, first_line(e.what()));
  }
}

int emit(const Candidate& c, bool checked, const std::string& symbol, const EmitFiles& files,
         int result_fd) {
  return guarded(result_fd, [&] {
    Algorithm algorithm = build_algorithm(c.problem);
    // Halide would number a name that it has met before.
    if (algorithm.outputs.front().name() != "out")
      return say(result_fd, emit_infra, "Halide was used in this process before it compiles");
    if (!files.algorithm.empty()) std::ofstream(files.algorithm) << to_text(algorithm);
    apply_schedule(algorithm, c.problem, c.schedule);
    const Halide::Target target(c.target.halide + "-" + emit_features(checked));
    Halide::Module module =
        algorithm.pipeline().compile_to_module(algorithm.arguments(), symbol, target);
    module.compile({{Halide::OutputFileType::object, files.object}});
    if (!files.assembly.empty())
      module.compile({{Halide::OutputFileType::assembly, files.assembly}});
    if (!files.stmt.empty()) emit_texts(algorithm, module, files);
    return 0 + emit_ok;
  });
}

int emit_runtime(const std::string& halide, const std::string& object, int result_fd) {
  return guarded(result_fd, [&] {
    Halide::compile_standalone_runtime(object, Halide::Target(halide));
    return 0 + emit_ok;
  });
}

void warm_up() {
  static const bool done = [] {
    for (char** variable = environ; *variable;) {
      const std::string name(*variable, std::strcspn(*variable, "="));
      if (name.starts_with("HL_"))
        unsetenv(name.c_str());  // moves the next one here
      else
        variable++;
    }
    Halide::Var x("warm_x");
    Halide::Func f("warm");
    f(x) = Halide::cast<float>(x);
    f.compile_to_object("/dev/null", {}, "warm", Halide::Target("x86-64-linux-no_runtime"));
    return true;
  }();
  (void)done;
}

std::string emit_features(bool checked) {
  return checked ? "no_runtime" : "no_runtime-no_asserts-no_bounds_query";
}

std::string emit_version() {
  return std::to_string(HALIDE_VERSION_MAJOR) + "." + std::to_string(HALIDE_VERSION_MINOR) + "." +
         std::to_string(HALIDE_VERSION_PATCH);
}

}  // namespace halcyon
