// F40: one daemon takes over from another while pushes come; neither they nor GitHub notice.
#include <signal.h>

#include "core/platform/http/server/server.hpp"
#include "tests/faults/daemon/fault_fixture.hpp"
#include "tests/support/github/push_sender.hpp"

namespace devy::testing {
namespace restart_test {

class RollingRestart : public FaultFixture {
 protected:
  static constexpr int blogs = 3, restarts = 3;

  RollingRestart() { server_->behave(); }

  // The n-th daemon: an admin socket of its own, and the listening socket that the service manager
  // holds open for all of them.
  std::unique_ptr<Program> start_next(int listening_socket) {
    const auto name = "daemon" + std::to_string(++started_);
    auto text = read_text(folder_ / "devy-upload.toml");
    text.insert(text.find("/admin\"") + 1, name);
    write_text(folder_ / (name + ".toml"), text);
    auto call = daemon_call();
    call.environment["DEVY_CONFIG"] = folder_ / (name + ".toml");
    call.environment["DEVY_LOG_LEVEL"] = "info";
    call.sockets = {listening_socket};
    call.socket_names = "public";
    call.timeout = std::chrono::seconds(180);
    auto daemon = std::make_unique<Program>(call);
    daemon->wait_for("event=\"daemon ready\"");
    return daemon;
  }

  void push(int blog, int number) {
    auto& author = *authors_[static_cast<std::size_t>(blog)];
    author.write_file("post.md", "# Post " + std::to_string(number) + "\n");
    author.commit("Write again");
    author.push(folder_ / ("repositories/user" + std::to_string(blog + 1) + "/blog.git"));
  }

  int started_ = 0;
};

TEST_F(RollingRestart, RefusesNoDeliveryAndCostsNoAttempt) {
  std::vector<PayloadRepository> repositories;
  for (int n = 0; n < blogs; ++n) {
    PayloadRepository repository;
    repository.id = n + 1;
    repository.owner = "user" + std::to_string(n + 1);
    repository.name = "blog";
    repository.url = server_->url(new_blog() + ".git");
    repositories.push_back(repository);
  }
  const auto address = "unix:" + (folder_ / "given");
  const auto socket = server::bind_socket(address);
  auto daemon = start_next(socket.get());
  std::vector<SentPush> sent;
  {
    PushSender sender(address, repositories);
    for (int n = 0; n < restarts; ++n) {
      for (int blog = 0; blog < blogs; ++blog)
        push(blog, n);
      sender.wait_for_acknowledged(20);
      auto next = start_next(socket.get());
      daemon->send_signal(SIGTERM);
      push(n % blogs, 100 + n);
      const auto ended = daemon->wait();
      EXPECT_EQ(ended.status, 0) << ended.err;
      daemon = std::move(next);
    }
    sender.wait_for_acknowledged(20);
    sender.stop();
    sent = sender.sent();
  }
  for (const auto& push : sent)
    EXPECT_TRUE(push.is_acknowledged()) << push.guid << " " << push.status;
  EXPECT_EQ(database_.number("select count(*) from devy.delivery"), static_cast<long>(sent.size()));
  // The payloads' commits are made up: the last push of each is told by a trigger.
  for (int blog = 1; blog <= blogs; ++blog)
    static_cast<void>(trigger("user" + std::to_string(blog) + "/blog"));
  wait_until(
      [&] {
        return database_.number("select count(*) from devy.operation where finished_at is null") ==
               0;
      },
      "everything to end");
  EXPECT_EQ(database_.rows("select distinct outcome from devy.attempt where outcome not in"
                           " ('completed', 'cancelled', 'interrupted')"),
            std::vector<std::string>());
  expect_all_well(*daemon);
}

}  // namespace restart_test
}  // namespace devy::testing
