#pragma once
#include <string>

namespace halcyon {

/// The signal that asked this process to end: the first INT, TERM, HUP or PIPE that came after
/// catch_interrupts(); 0 while none has. Later ones change nothing: what is left to do then takes a
/// moment, and QUIT ends it without.
extern volatile int interrupted_by;

/// We were asked to end. Thrown wherever something is waited for, caught once for each result that
/// is built up, where what is done is kept. Nothing that failed from then on says anything of what
/// was tried: our own kill ended it. No std::exception, so that nothing that takes failures for
/// outcomes takes this for one.
struct Interrupted {
  int signal = interrupted_by;
  std::string told = {};  // what the child that was waited for had written as its result
};

/// Called where long work goes on without waiting for anybody.
inline void throw_if_interrupted() {
  if (interrupted_by) throw Interrupted{};
}

/// To be called first of all. A signal that whoever started us ignores (`nohup`) stays ignored. A
/// pipe that nobody reads any more is no interrupt where we write to it: the write says so.
void catch_interrupts();

/// Opens /dev/null as stdin, stdout or stderr where it is closed, or the next file that is opened
/// would be taken for it.
void open_standard_descriptors();

}  // namespace halcyon
