#pragma once
// The built devy-upload or devy-uploadd as a child process: arguments, environment and input in;
// output, messages and exit status out. Also behind a pseudo-terminal, for what it does when a
// person is there. Throws std::runtime_error, also when the time limit passes (the program is
// killed then).

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace devy::testing {

struct ProgramCall {
  std::string program = "devy-upload";  // of those that are built; or any, by its whole path
  std::vector<std::string> arguments;
  // All it gets besides PATH, LANG and a HOME that does not exist: nothing of the tester's own.
  std::map<std::string, std::string> environment;
  std::string input;            // stdin; then its end
  std::string directory = "/";  // to start in: no devy-upload.toml is there
  // Inherited from 3 on, with the variables that a service manager sets beside them.
  std::vector<int> sockets;
  std::string socket_names;       // "public:admin"
  bool has_terminal = false;      // stdin, stdout and stderr are one terminal; all is in `out`
  bool is_below_journal = false;  // stderr, it is told, is the journal: JOURNAL_STREAM
  std::string messages_to;        // stderr is this file, and `err` stays empty
  std::chrono::seconds timeout{60};
};

struct ProgramResult {
  int status = 0;  // of exit; 128 + n when signal n killed it
  std::string out, err;
};

// A program that runs. One thread.
class Program {
 public:
  explicit Program(const ProgramCall& call);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();  // kills and reaps

  void send_signal(int number) const;
  void write(const std::string& text) const;  // as typed
  // Until stdout or stderr holds the text so many times.
  void wait_for(const std::string& text, int times = 1);
  // What it has said so far, stdout before stderr.
  [[nodiscard]] std::string said() const { return result_.out + result_.err; }
  [[nodiscard]] pid_t pid() const { return pid_; }
  // Like `| head`: nobody reads stdout any more.
  void close_output();
  // The same for stderr: as when the journal is gone.
  void close_messages();
  // Until it ends.
  [[nodiscard]] ProgramResult wait();

 private:
  bool read_some();  // false: nothing is open any more
  void read_from(int& descriptor, std::string& target);
  [[nodiscard]] int remaining_ms() const;

  pid_t pid_ = -1;
  int input_ = -1, output_ = -1, error_ = -1;
  std::chrono::steady_clock::time_point deadline_;
  ProgramResult result_;
};

[[nodiscard]] ProgramResult run_program(const ProgramCall& call);

}  // namespace devy::testing
