#include "tests/faults/daemon/fault_fixture.hpp"

#include <poll.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/github/push_sender.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace {

// Of a process that goes meanwhile: nothing. An iterator would throw.
std::string all_of(const std::ifstream& stream) {
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

namespace fs = std::filesystem;
constexpr std::chrono::seconds fault_patience{30 * time_factor};

// State and parent of a process, from behind its name, which may hold anything.
std::pair<char, pid_t> standing_of(const fs::path& process) {
  std::ifstream stream(process / "stat");
  const auto stat = all_of(stream);
  const auto bracket = stat.rfind(')');
  std::pair<char, pid_t> standing{'?', 0};
  if (bracket != std::string::npos)
    std::istringstream(stat.substr(bracket + 1)) >> standing.first >> standing.second;
  return standing;
}

// The process below `parent` that is so; 0 for none.
pid_t find_child(pid_t parent, const std::function<bool(char state, const fs::path&)>& is_wanted) {
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto [state, above] = standing_of(entry.path());
    if (above == parent && is_wanted(state, entry.path())) return std::stoi(name);
  }
  return 0;
}

bool plays(const std::string& role, const fs::path& process) {
  std::ifstream stream(process / "cmdline");
  return all_of(stream).find(role) != std::string::npos;
}

}  // namespace

FaultFixture::FaultFixture() {
  fs::create_directory(runtime_directory());
  write_text(folder_ / "secret", std::string(push_secret) + "\n");
  ::chmod((folder_ / "secret").c_str(), 0600);
  configure_more("");
}

void FaultFixture::configure_more(const std::string& toml) {
  configure("[webhook]\nsender_check = \"off\"\nsecrets = [\"test " + (folder_ / "secret") +
            "\"]\n" + toml);
  const auto file = folder_ / "devy-upload.toml";
  write_text(file, "runtime_directory = \"" + runtime_directory() + "\"\n" + read_text(file));
}

std::string FaultFixture::new_blog_of(int posts) {
  const auto blog = new_blog();
  auto& author = *authors_.back();
  for (int n = 0; n < posts; ++n)
    author.write_file("post" + std::to_string(n) + ".md", "# Post\n\nA text.\n");
  author.commit("Write posts");
  author.push(folder_ / ("repositories/" + blog + ".git"));
  return blog;
}

ProgramCall FaultFixture::call_with(const std::string& fault) const {
  auto call = daemon_call();
  call.environment["DEVY_FAULT"] = fault;
  call.environment["DEVY_FAULT_COUNT"] = folder_ / "passed";
  return call;
}

std::unique_ptr<Program> FaultFixture::start_with(const std::string& fault) const {
  auto daemon = std::make_unique<Program>(call_with(fault));
  daemon->wait_for("event=\"daemon ready\"");
  return daemon;
}

std::size_t FaultFixture::passed(const std::string& point) const {
  std::error_code missing;
  const auto bytes = fs::file_size(folder_ / ("passed." + point), missing);
  return missing ? 0 : bytes;
}

pid_t FaultFixture::wait_for_a(const std::string& role, const Program& daemon) {
  pid_t found = 0;
  const auto has_it = [&](char state, const fs::path& process) {
    return state != 'Z' && plays(role, process);
  };
  wait_until([&] { return (found = find_child(daemon.pid(), has_it)) != 0; }, "a " + role);
  return found;
}

pid_t FaultFixture::wait_for_a_stopped(const Program& daemon) {
  pid_t found = 0;
  const auto is_stopped = [](char state, const fs::path&) { return state == 'T'; };
  wait_until([&] { return (found = find_child(daemon.pid(), is_stopped)) != 0; },
             "a process to stop");
  return found;
}

bool FaultFixture::is_a_session_blocked() const {
  return database_.number(
             "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
             " and datname = current_database()") > 0;
}

void FaultFixture::wait_until(const std::function<bool()>& condition, const std::string& what) {
  const auto until = std::chrono::steady_clock::now() + fault_patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until)
      throw std::runtime_error("waited in vain for " + what);
    ::poll(nullptr, 0, 20);
  }
}

void FaultFixture::wait_until_state(const std::string& id, const std::string& state) const {
  wait_until([&] { return state_of(id) == state; }, id + " to be " + state);
}

void FaultFixture::make_due() const {
  database_.execute(
      "update devy.operation set run_at = clock_timestamp() where state = 'verified'");
}

ProgramCall FaultFixture::command(const std::vector<std::string>& arguments) const {
  auto call = daemon_call();
  call.program = "devy-upload";
  call.arguments = arguments;
  return call;
}

int FaultFixture::deliver(int number) const {
  PayloadRepository repository;
  repository.owner = "user1";
  repository.name = "blog";
  repository.url = server_->url("user1/blog.git");
  return send_push("unix:" + (folder_ / "public"), repository, number).status;
}

void FaultFixture::expect_all_well(Program& daemon) {
  stop(daemon);
  EXPECT_EQ(broken_promises(), std::vector<std::string>{});
  for (const auto& left : fs::directory_iterator(runtime_directory()))
    ADD_FAILURE() << "left behind: " << left.path();
}

void FaultFixture::expect_taken_once(Program& daemon) {
  EXPECT_EQ(database_.number("select count(*) from devy.delivery"), 1);
  EXPECT_EQ(database_.number("select count(*) from devy.upload"), 1);
  wait_until_state(database_.scalar("select operation_id from devy.upload"), "completed");
  expect_all_well(daemon);
}

}  // namespace devy::testing
