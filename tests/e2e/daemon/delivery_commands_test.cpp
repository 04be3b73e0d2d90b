// `devy-upload delivery …` against the real daemon: what an operator does with webhooks.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/platform/http/server/server.hpp"
#include "tests/e2e/daemon/daemon_fixture.hpp"
#include "tests/support/github/webhook_payload.hpp"

namespace devy::testing {
namespace delivery_commands_test {

class DeliveryCommands : public DaemonFixture {
 protected:
  DeliveryCommands() {
    write_text(folder_ / "secret", "the secret that deliveries are signed with\n");
    ::chmod((folder_ / "secret").c_str(), 0600);
    configure("[webhook]\nsender_check = \"off\"\nsecrets = [\"test " + (folder_ / "secret") +
              "\"]\n");
  }

  ProgramResult devy(std::vector<std::string> arguments) const {
    auto call = daemon_call();
    call.program = "devy-upload";
    call.environment["DEVY_LOG_LEVEL"] = "error";
    call.arguments = std::move(arguments);
    return run_program(call);
  }
  std::string payload_file(const std::string& text) const {
    write_text(folder_ / "payload.json", text);
    return folder_ / "payload.json";
  }
};

TEST_F(DeliveryCommands, SendsListsShowsAndReplaysADelivery) {
  const auto socket = server::bind_socket("127.0.0.1:0");
  const auto url = "http://" + server::address_of(socket.get());
  auto call = daemon_call();
  call.sockets = {socket.get()};
  call.socket_names = "public";
  Program daemon(call);
  daemon.wait_for("event=\"daemon ready\"");
  PushPayload push;
  push.repository.owner = "user1";
  push.repository.name = "blog";
  push.repository.url = server_->url("user1/blog.git");
  const auto file = payload_file(push_payload(push));

  // Before there is a blog.
  const auto sent = devy({"delivery", "send", file, "--to", url, "--guid", guid(1)});
  EXPECT_EQ(sent.status, 0) << sent.err;
  EXPECT_TRUE(sent.out.starts_with("202 {\n  \"delivery\": ")) << sent.out;
  EXPECT_TRUE(sent.out.ends_with("\n}\n")) << sent.out;
  EXPECT_NE(devy({"delivery", "list"}).out.find("no blog"), std::string::npos);

  const auto blog = new_blog();
  database_.execute("update devy.repository set github_id = 42");
  const auto replayed = devy({"delivery", "replay", "00000001", "--json"});
  EXPECT_EQ(replayed.status, 0) << replayed.err;
  EXPECT_NE(replayed.out.find("\"verdict\": \"accepted\""), std::string::npos);
  const auto id = database_.scalar("select operation_id from devy.upload");
  wait_until_ended(daemon, id, 1, "completed");

  const auto shown = devy({"delivery", "show", guid(1), "--json"});
  for (const auto& field :
       {"\"upload\": \"" + id + "\"", "\"blog\": \"" + blog + "\"",
        std::string("\"event\": \"push\""), std::string("\"body_omitted\": null"),
        std::string("\"signer\": \"test\"")})
    EXPECT_NE(shown.out.find(field), std::string::npos) << field;
  EXPECT_EQ(devy({"delivery", "show", guid(1), "--body"}).out, push_payload(push));
  EXPECT_NE(devy({"delivery", "show", guid(1)}).out.find("verdict    accepted"), std::string::npos);
  EXPECT_NE(devy({"delivery", "list", "--blog", blog, "--json"}).out.find(guid(1)),
            std::string::npos);
  EXPECT_EQ(devy({"delivery", "list", "--verdict", "rejected", "--json"}).out, "[]\n");
  EXPECT_EQ(devy({"delivery", "show", "ffff"}).status, 4);

  // Signed with something else it is refused.
  write_text(folder_ / "other", "another secret of some thirty-two bytes\n");
  ::chmod((folder_ / "other").c_str(), 0600);
  const auto refused =
      devy({"delivery", "send", file, "--to", url, "--secret", folder_ / "other", "--json"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_NE(refused.out.find("\"status\": 401"), std::string::npos);
  EXPECT_EQ(database_.number("select count(*) from devy.delivery"), 1);
  stop(daemon);
}

}  // namespace delivery_commands_test
}  // namespace devy::testing
