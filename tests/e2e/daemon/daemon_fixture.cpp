#include "tests/e2e/daemon/daemon_fixture.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "tests/oracle/database.hpp"
#include "tests/oracle/posts.hpp"
#include "tests/support/git/git_run.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace {

constexpr std::chrono::seconds daemon_patience{30 * time_factor};

}  // namespace

void Door::pass() {
  std::unique_lock lock(mutex_);
  ++visitors_;
  changed_.notify_all();
  changed_.wait_for(lock, daemon_patience, [this] { return is_open_; });
}

void Door::open() {
  const std::scoped_lock lock(mutex_);
  is_open_ = true;
  changed_.notify_all();
}

void Door::close() {
  const std::scoped_lock lock(mutex_);
  is_open_ = false;
}

void Door::wait_for_visitors(int count) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, daemon_patience, [&] { return visitors_ >= count; }))
    throw std::runtime_error("only " + std::to_string(visitors_) + " came to fetch");
}

DaemonFixture::DaemonFixture() : service_manager_(folder_ / "notify") {
  server_ = std::make_unique<GitHttpServer>(folder_ / "repositories");
  server_->misbehave(
      [this](Faults& faults) { faults.before_upload_pack = [this] { door_.pass(); }; });
  configure("");
}

DaemonFixture::~DaemonFixture() {
  door_.open();
}

void DaemonFixture::configure(const std::string& toml) {
  write_text(folder_ / "devy-upload.toml",
             "[git]\nurl_schemes = [\"http\"]\nurl_hosts = []\nallow_private_addresses = true\n"
             "[admin]\naddress = \"unix:" +
                 (folder_ / "admin") + "\"\n" +
                 // Whoever wants to be reached otherwise says where.
                 (toml.find("[listener]") == std::string::npos
                      ? "[listener]\naddresses = [\"unix:" + (folder_ / "public") + "\"]\n"
                      : "") +
                 toml +
                 // Whoever wants pages says where.
                 (toml.find("[web]") == std::string::npos ? "[web]\naddresses = []\n" : ""));
}

std::string DaemonFixture::new_blog() {
  const auto name = "user" + std::to_string(authors_.size() + 1);
  const auto bare = folder_ / ("repositories/" + name + "/blog.git");
  make_bare_repository(bare);
  auto& author =
      *authors_.emplace_back(std::make_unique<GitRepository>(folder_ / ("authors/" + name)));
  author.write_file("hello.md", "# Hello of " + name + "\n\nA post.\n");
  author.commit("Say hello");
  author.push(bare);
  return connect(name);
}

std::vector<std::string> DaemonFixture::new_blogs(int count) {
  std::vector<std::string> blogs{new_blog()};
  while (blogs.size() < static_cast<std::size_t>(count)) {
    const auto name = "user" + std::to_string(blogs.size() + 1);
    std::filesystem::copy(folder_ / "repositories/user1", folder_ / ("repositories/" + name),
                          std::filesystem::copy_options::recursive);
    blogs.push_back(connect(name));
  }
  return blogs;
}

std::string DaemonFixture::connect(const std::string& name) {
  database_.execute("insert into devy.account (username) values ('" + name + "')");
  auto call = daemon_call();
  call.program = "devy-upload";
  call.arguments = {"blog", "connect", name + "/blog", server_->url(name + "/blog.git")};
  const auto result = run_program(call);
  if (result.status != 0) throw std::runtime_error(result.err);
  return name + "/blog";
}

std::string DaemonFixture::trigger(const std::string& blog) {
  auto call = daemon_call();
  call.program = "devy-upload";
  call.arguments = {"trigger", blog, "--json"};
  const auto result = run_program(call);
  const auto at = result.out.find("\"id\"");
  if (result.status != 0 || at == std::string::npos) throw std::runtime_error(result.err);
  return result.out.substr(result.out.find('"', at + 5) + 1, 36);
}

std::string DaemonFixture::trigger_and_hold(const std::string& blog) {
  door_.close();
  auto id = trigger(blog);
  door_.wait_for_visitors(1);
  return id;
}

ProgramCall DaemonFixture::daemon_call() const {
  ProgramCall call;
  call.program = "devy-uploadd";
  call.environment = {{"DEVY_DB", database_.conninfo()},
                      {"DEVY_CONFIG", folder_ / "devy-upload.toml"},
                      {"DEVY_LOG_LEVEL", "debug"},
                      {"NOTIFY_SOCKET", service_manager_.path()}};
  call.timeout = 4 * daemon_patience;  // a test may let it live for longer than it waits
  return call;
}

std::unique_ptr<Program> DaemonFixture::start() {
  auto daemon = std::make_unique<Program>(daemon_call());
  daemon->wait_for("event=\"daemon ready\"");
  return daemon;
}

std::vector<std::unique_ptr<Program>> DaemonFixture::start_many(int count) {
  std::vector<std::unique_ptr<Program>> daemons;
  for (int n = 0; n < count; ++n) {
    const auto name = "daemon" + std::to_string(n);
    auto call = daemon_call();
    auto text = read_text(folder_ / "devy-upload.toml");
    for (const std::string socket : {"/admin\"", "/public\""})
      text.insert(text.find(socket) + 1, name);
    call.environment["DEVY_CONFIG"] = folder_ / (name + ".toml");
    call.environment["DEVY_LOG_LEVEL"] = "info";  // nobody reads while there is much to say
    call.timeout = std::chrono::seconds(400);
    write_text(folder_ / (name + ".toml"), text);
    daemons.push_back(std::make_unique<Program>(call));
  }
  for (auto& daemon : daemons)
    daemon->wait_for("event=\"daemon ready\"");
  return daemons;
}

std::string DaemonFixture::listener_of(int n) const {
  return "unix:" + (folder_ / ("daemon" + std::to_string(n) + "public"));
}

std::string DaemonFixture::stop(Program& daemon) {
  daemon.send_signal(SIGTERM);
  const auto result = daemon.wait();
  EXPECT_EQ(result.status, 0) << result.err;
  return result.err;
}

std::string DaemonFixture::state_of(const std::string& id) const {
  return database_.scalar("select state from devy.operation where id = '" + id + "'");
}

std::string DaemonFixture::fate_of(const std::string& id) const {
  return database_.scalar(
      "select concat_ws(' ', attempt, state, error_code) from devy.operation "
      "where id = '" +
      id + "'");
}

void DaemonFixture::wait_until_ended(Program& daemon, const std::string& id, int attempt,
                                     const std::string& state) {
  daemon.wait_for("event=\"attempt ended\" operation=\"" + id + "\" kind=\"upload\" attempt=" +
                  std::to_string(attempt) + " state=\"" + state + "\"");
}

pid_t DaemonFixture::worker_of(const std::string& id) const {
  const auto worker =
      database_.scalar("select worker from devy.lease where operation_id = '" + id + "'");
  const auto slash = worker.find('/');
  if (slash == std::string::npos) throw std::runtime_error("nobody runs " + id);
  return std::stoi(worker.substr(slash + 1));
}

std::vector<std::string> DaemonFixture::broken_promises(int every) const {
  auto broken = broken_queue_invariants(database_.conninfo());
  for (const auto& row : database_.rows(
           "select id, name from (select b.id, a.username || '/' || b.slug as name, row_number() "
           "over (order by a.username, b.slug) as place from devy.blog b join devy.account a "
           "on a.id = b.account_id) b where place % " +
           std::to_string(every) + " = 0")) {
    const auto bar = row.find('|');
    OracleCase oracle;
    oracle.conninfo = database_.conninfo();
    oracle.blog = row.substr(0, bar);
    oracle.repository = folder_ / ("repositories/" + row.substr(bar + 1) + ".git");
    oracle.head = git({"-C", oracle.repository, "rev-parse", "main"});
    for (auto& line : testing::broken_promises(oracle))
      broken.push_back(std::move(line));
  }
  return broken;
}

HttpAnswer DaemonFixture::get(const std::string& path) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, (folder_ / "admin").c_str(), sizeof address.sun_path - 1);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  HttpAnswer answer;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const std::string request =
        "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    static_cast<void>(!::send(socket, request.data(), request.size(), MSG_NOSIGNAL));
    std::array<char, 65'536> buffer{};
    for (ssize_t count = 0; (count = ::read(socket, buffer.data(), buffer.size())) > 0;)
      answer.body.append(buffer.data(), static_cast<std::size_t>(count));
  }
  ::close(socket);
  if (answer.body.starts_with("HTTP/1.1 ")) answer.status = std::stoi(answer.body.substr(9));
  return answer;
}

void DaemonFixture::wait_for_answer(const std::string& path, int status,
                                    const std::string& text) const {
  const auto until = std::chrono::steady_clock::now() + daemon_patience;
  HttpAnswer answer;
  do {
    answer = get(path);
    if (answer.status == status && answer.body.find(text) != std::string::npos) return;
    ::poll(nullptr, 0, 20);
  } while (std::chrono::steady_clock::now() < until);
  throw std::runtime_error("it never was " + std::to_string(status) + " " + text + " but " +
                           answer.body);
}

}  // namespace devy::testing
