#include "tests/chaos/chaos_fixture.hpp"

#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/platform/base/secret.hpp"
#include "core/platform/webhook/signature.hpp"
#include "tests/chaos/mutation.hpp"
#include "tests/support/git/git_run.hpp"
#include "tests/support/github/webhook_payload.hpp"
#include "tests/support/http/raw_http.hpp"
#include "tests/support/postgres/psql.hpp"

namespace devy::testing {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr milliseconds sleep_max{4000};  // of a stopped process: twice the lease
constexpr seconds settle_max{120};
constexpr int files_max = 9;  // of a blog: fewer than the guard against mass deletes looks at

std::string number_of(const char* name, const char* fallback) {
  const char* text = std::getenv(name);
  return text != nullptr && *text != '\0' ? text : fallback;
}

}  // namespace

std::vector<pid_t> children_of(const std::vector<pid_t>& parents) {
  std::vector<pid_t> children;
  for (const auto parent : parents) {
    const auto process = "/proc/" + std::to_string(parent);
    std::ifstream list(process + "/task/" + std::to_string(parent) + "/children");
    for (pid_t child = 0; list >> child;)
      children.push_back(child);
  }
  return children;
}

std::vector<pid_t> stopped_below(const std::vector<pid_t>& parents) {
  std::vector<pid_t> stopped;
  for (const auto child : children_of(parents)) {
    std::ifstream stream("/proc/" + std::to_string(child) + "/stat");
    const std::string stat{std::istreambuf_iterator<char>(stream), {}};
    if (stat.find(") T ") != std::string::npos) stopped.push_back(child);
  }
  return stopped;
}

ChaosOptions chaos_options() {
  ChaosOptions options;
  options.seed = static_cast<unsigned>(std::stoul(number_of("DEVY_CHAOS_SEED", "1")));
  options.length = seconds(std::stol(number_of("DEVY_CHAOS_SECONDS", "20")));
  options.mutation = number_of("DEVY_CHAOS_MUTATION", "");
  return options;
}

ChaosFixture::ChaosFixture() : random_(options_.seed) {
  server_->behave();  // nobody waits at the door
  write_text(folder_ / "secret", secret_ + "\n");
  database_.load(DEVY_ORACLE_FOLDER "/audit.sql");
  if (options_.mutation == "fence") database_.execute(without_fence);
  for (int n = 0; n < blogs_count; ++n)
    static_cast<void>(new_blog());
  int id = 1;
  for (const auto& url : database_.rows("select url from devy.repository order by url"))
    database_.execute("update devy.repository set github_id = " + std::to_string(id++) +
                      " where url = '" + url + "'");
  daemons_.resize(daemons_count);
  for (int n = 0; n < daemons_count; ++n)
    networks_.push_back(std::make_unique<TcpProxy>(postgres().socket_path()));
}

// Its clones, sockets and way to the database are its own.
void ChaosFixture::start_daemon(int number, const std::string& fault) {
  const auto name = "daemon" + std::to_string(number);
  fs::create_directory(runtime_directory() + "/" + name);
  configure("[webhook]\nsender_check = \"off\"\nsecrets = [\"test " + (folder_ / "secret") +
            "\"]\n[queue]\nlease_ttl = 2\npoll_interval = 1\n"
            "[database]\nidle_in_transaction_timeout = 1\ntcp_user_timeout = 3\n"
            "[reconcile]\nevery = 5\nevery_max = 10\n[workers]\nmin = 2\nmax = " +
            std::to_string(workers_max_) +
            "\n"
            "[limits]\nfetch_stall = 2\n");
  auto text = "runtime_directory = \"" + runtime_directory() + "/" + name + "\"\n" +
              read_text(folder_ / "devy-upload.toml");
  for (const std::string socket : {"/admin\"", "/public\""})
    text.insert(text.find(socket) + 1, name);
  write_text(folder_ / (name + ".toml"), text);
  auto call = daemon_call();
  call.environment["DEVY_CONFIG"] = folder_ / (name + ".toml");
  call.environment["DEVY_DB"] =
      networks_[static_cast<std::size_t>(number)]->conninfo(database_.name());
  call.environment["DEVY_LOG_LEVEL"] = "error";
  if (!fault.empty()) call.environment["DEVY_FAULT"] = fault;
  call.timeout = options_.length + 2 * settle_max;
  auto& daemon = daemons_[static_cast<std::size_t>(number)];
  daemon = std::make_unique<Program>(call);
  daemon->close_messages();  // nobody reads for minutes, and a full pipe would hold it
}

void ChaosFixture::push_until_stopped(const std::stop_token& stop) {
  std::mt19937 random(options_.seed + 1);
  const auto below = [&](int bound) {
    return std::uniform_int_distribution<>(0, bound - 1)(random);
  };
  for (int number = 1; !stop.stop_requested(); ++number) {
    const auto blog = static_cast<std::size_t>(below(blogs_count));
    const auto owner = "user" + std::to_string(blog + 1);
    auto& author = *authors_[blog];
    const auto file = "post" + std::to_string(below(files_max)) + ".md";
    if (below(5) == 0 && fs::exists(author.folder() + "/" + file)) author.remove_file(file);
    else author.write_file(file, "# Post\n\nWords of push " + std::to_string(number) + ".\n");
    PushPayload push;
    push.after = author.commit();
    author.force_push(folder_ / ("repositories/" + owner + "/blog.git"));
    push.repository.id = static_cast<std::int64_t>(blog) + 1;
    push.repository.owner = owner;
    push.repository.name = "blog";
    push.repository.url = server_->url(owner + "/blog.git");
    push.pushed_at += number - (below(8) == 0 ? 3 : 0);  // sometimes told late
    const auto body = push_payload(push);
    // One in ten is lost on its way, one in ten is told twice.
    for (int times = std::max(below(10) - 7, below(10) == 0 ? 0 : 1); times > 0; --times) {
      try {
        const auto answer =
            send_request(listener_of(below(daemons_count)), "POST", "/v1/webhooks",
                         {{"X-GitHub-Event", "push"},
                          {"X-GitHub-Delivery", guid(number)},
                          {"X-Hub-Signature-256", webhook::sign(body, base::Secret(secret_))},
                          {"Content-Type", "application/json"}},
                         body);
        if (answer.status >= 200 && answer.status < 300) acknowledged_ += guid(number) + "\n";
      } catch (const std::runtime_error&) {
        // Nobody listens there now.
      }
    }
    ++pushes_;
    ::poll(nullptr, 0, below(200));  // the load, not a wait for anything
  }
}

std::vector<pid_t> ChaosFixture::daemon_pids() const {
  std::vector<pid_t> pids;
  for (const auto& daemon : daemons_)
    if (daemon) pids.push_back(daemon->pid());
  return pids;
}

pid_t ChaosFixture::random_process() {
  const auto children = children_of(daemon_pids());
  if (children.empty()) return 0;
  return children[static_cast<std::size_t>(below(static_cast<int>(children.size())))];
}

// Each process counts for itself, so that a worker works for a while before it is hit.
std::string ChaosFixture::random_fault() {
  static const std::vector<std::string> points{"after_claim",           "before_connect",
                                               "during_fetch",          "after_fetch",
                                               "before_folder_rename",  "after_tree_walk",
                                               "during_render",         "before_publish_begin",
                                               "before_post_write",     "before_publish_commit",
                                               "after_commit_sent",     "after_publish_commit",
                                               "before_folder_removal", "after_body_read",
                                               "after_delivery_insert", "before_webhook_response"};
  static const std::vector<std::string> deeds{"kill", "throw", "eio", "abort", "delay_3000"};
  static const std::vector<std::string> late{"after_tree_walk", "before_publish_begin",
                                             "before_post_write", "before_publish_commit"};
  const auto any_of = [this](const std::vector<std::string>& texts) {
    return texts[static_cast<std::size_t>(below(static_cast<int>(texts.size())))];
  };
  const auto nth = ":" + std::to_string(2 + below(6)) + "=";
  // A worker that comes back from the dead is what fences are for, most of all when who took over
  // is still at work.
  if (below(2) == 0) return "after_fetch=delay_700," + any_of(late) + nth + "stop";
  return any_of(points) + nth + any_of(deeds);
}

std::string ChaosFixture::break_process() {
  const int number = below(daemons_count);
  const auto name = "daemon " + std::to_string(number);
  auto& daemon = daemons_[static_cast<std::size_t>(number)];
  switch (below(6)) {
    case 0: {
      daemon->send_signal(SIGKILL);
      const auto fault = random_fault();
      start_daemon(number, fault);
      return name + " killed, started with " + fault;
    }
    case 1: daemon->send_signal(SIGHUP); return name + " told to reload";
    case 2: {
      daemon->send_signal(SIGTERM);
      const auto fault = random_fault();
      start_daemon(number, fault);
      return name + " replaced while it drains, by one with " + fault;
    }
    case 3: {
      const auto process = random_process();
      if (process != 0) ::kill(process, SIGKILL);
      return "process killed";
    }
    default: {
      const auto process = random_process();
      if (process != 0)
        stop_for_a_while(process, milliseconds(below(static_cast<int>(sleep_max.count()))));
      return "process stopped for a while";
    }
  }
}

std::string ChaosFixture::break_network() {
  const auto number = static_cast<std::size_t>(below(daemons_count));
  auto& network = *networks_[number];
  const auto name = "network " + std::to_string(number);
  network.heal();
  switch (below(8)) {
    case 0: network.cut(); return name + " cut";
    case 1: network.reset(); return name + " reset";
    case 2: network.delay(milliseconds(30)); return name + " delayed";
    case 3: network.throttle(20'000); return name + " throttled";
    case 4:
      network.cut_after(static_cast<std::uint64_t>(below(20'000)));
      return name + " ends soon";
    case 5: network.go_silent(); return name + " silent";
    case 6: network.swallow_commit(); return name + " swallows the answer to a commit";
    default: return name + " healed";
  }
}

std::string ChaosFixture::break_remote() {
  static const std::vector<std::string> faults{
      "status=500",   "status=404", "close", "silent", "silent-after-refs",
      "truncate=200", "drip=50",    "none",  "none",   "none"};
  const auto& fault = faults[static_cast<std::size_t>(below(static_cast<int>(faults.size())))];
  server_->misbehave([&](Faults& state) { static_cast<void>(apply_fault(state, fault)); });
  return "git server: " + fault;
}

std::string ChaosFixture::break_database() {
  postgres().restart(cluster::StopMode::immediate);
  return "PostgreSQL crashed and restarted";
}

std::string ChaosFixture::act_as_operator() {
  auto call = daemon_call();
  call.program = "devy-upload";
  const auto recent = database_.rows("select id from devy.operation order by arrival desc limit 9");
  const int act = recent.empty() ? 0 : below(3);
  if (act == 0) {
    call.arguments = {"trigger", "user" + std::to_string(1 + below(blogs_count)) + "/blog"};
  } else {
    const auto& id = recent[static_cast<std::size_t>(below(static_cast<int>(recent.size())))];
    call.arguments = {act == 1 ? "cancel" : "replay", id, "--reason", "chaos", "--yes"};
  }
  const auto status = run_program(call).status;
  return "operator: " + call.arguments[0] + " " + call.arguments[1] + ", exit status " +
         std::to_string(status);
}

std::string ChaosFixture::break_something() {
  wake_all();
  const int what = below(20);
  if (what < 10) return break_process();
  if (what < 14) return break_network();
  if (what < 17) return break_remote();
  if (what < 18) return break_database();
  return act_as_operator();
}

void ChaosFixture::stop_for_a_while(pid_t process, milliseconds time) {
  ::kill(process, SIGSTOP);
  sleepers_.emplace_back(process, steady_clock::now() + time);
}

// Those that stopped themselves too, a while after they are seen.
void ChaosFixture::wake_all() {
  for (const auto process : stopped_below(daemon_pids()))
    if (std::ranges::find(sleepers_, process, &Sleeper::first) == sleepers_.end())
      sleepers_.emplace_back(process,
                             steady_clock::now() + sleep_max / 2 +
                                 milliseconds(below(static_cast<int>(sleep_max.count()) / 2)));
  std::erase_if(sleepers_, [](const auto& sleeper) {
    if (steady_clock::now() < sleeper.second) return false;
    ::kill(sleeper.first, SIGCONT);
    return true;
  });
}

void ChaosFixture::mend_everything() {
  for (const auto& [process, until] : sleepers_)
    ::kill(process, SIGCONT);
  sleepers_.clear();
  for (auto& network : networks_)
    network->heal();
  server_->behave();
  for (int n = 0; n < daemons_count; ++n) {
    daemons_[static_cast<std::size_t>(n)]->send_signal(SIGTERM);
    static_cast<void>(daemons_[static_cast<std::size_t>(n)]->wait());
    start_daemon(n, "");
  }
}

void ChaosFixture::wait_for_quiet() {
  const auto until = steady_clock::now() + settle_max;
  const auto is_quiet = [&] {
    if (database_.number("select count(*) from devy.operation where finished_at is null") > 0)
      return false;
    for (int n = 1; n <= blogs_count; ++n) {
      const auto name = "user" + std::to_string(n);
      const auto head = database_.scalar(
          "select head_commit from devy.blog b join devy.account a on a.id = b.account_id"
          " where a.username = '" +
          name + "'");
      if (head !=
          git({"-C", folder_ / ("repositories/" + name + "/blog.git"), "rev-parse", "main"}))
        return false;
    }
    return true;
  };
  while (!is_quiet()) {
    if (steady_clock::now() > until) {
      ADD_FAILURE() << "it never became quiet";
      return;
    }
    make_due();
    ::poll(nullptr, 0, 200);
  }
}

void ChaosFixture::ask_oracle(Deliveries deliveries) {
  // The same repositories once more, into an empty database: another rendering of each post.
  const TestDatabase second;
  second.execute("insert into devy.account (username) select 'user' || n from generate_series(1, " +
                 std::to_string(blogs_count) + ") n");
  for (int n = 1; n <= blogs_count; ++n) {
    const auto blog = "user" + std::to_string(n) + "/blog";
    auto call = daemon_call();
    call.program = "devy-upload";
    call.environment["DEVY_DB"] = second.conninfo();
    call.arguments = {"blog", "connect", blog, server_->url(blog + ".git")};
    EXPECT_EQ(run_program(call).status, 0);
    call.arguments = {"trigger", blog, "--here"};
    EXPECT_EQ(run_program(call).status, 0);
  }
  write_text(folder_ / "acknowledged", deliveries == Deliveries::kept ? acknowledged_ : "");
  write_text(folder_ / "secrets", secret_ + "\n");
  ProgramCall oracle;
  oracle.program = "tests/oracle";
  oracle.arguments = {"--settled",
                      "--database",
                      database_.conninfo(),
                      "--repositories",
                      folder_ / "repositories",
                      "--second",
                      second.conninfo(),
                      "--acknowledged",
                      folder_ / "acknowledged",
                      "--secrets",
                      folder_ / "secrets"};
  for (int n = 0; n < daemons_count; ++n) {
    oracle.arguments.insert(
        oracle.arguments.end(),
        {"--daemon", std::to_string(daemons_[static_cast<std::size_t>(n)]->pid()), "--runtime",
         runtime_directory() + "/daemon" + std::to_string(n)});
  }
  const auto said = run_program(oracle);
  std::cout << said.out << said.err;
  EXPECT_EQ(said.status, 0);
  std::cout << pushes_ << " pushes, " << database_.number("select count(*) from devy.delivery")
            << " deliveries, " << database_.number("select count(*) from devy.operation")
            << " uploads, " << database_.number("select count(*) from devy.attempt")
            << " attempts, "
            << database_.number("select count(*) from devy.attempt where outcome = 'rescued'")
            << " rescued\n";
}

void ChaosFixture::stop_daemons() {
  for (auto& daemon : daemons_) {
    daemon->send_signal(SIGTERM);
    EXPECT_EQ(daemon->wait().status, 0);
  }
}

}  // namespace devy::testing
