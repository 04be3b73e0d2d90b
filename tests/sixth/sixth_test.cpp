// A further system joins by a folder and a row: sixth_system.cpp, and nothing else of the programs.
#include <sys/stat.h>

#include "core/platform/http/server/server.hpp"
#include "tests/e2e/daemon/daemon_fixture.hpp"
#include "tests/support/github/webhook_payload.hpp"
#include "tests/support/http/raw_http.hpp"

namespace devy::testing {
namespace sixth_test {

constexpr const char* program_folder = "tests/sixth/";

class SixthSystem : public DaemonFixture {
 protected:
  SixthSystem() {
    write_text(folder_ / "secret", "the secret that deliveries are signed with\n");
    ::chmod((folder_ / "secret").c_str(), 0600);
    configure("[webhook]\nsender_check = \"off\"\nsecrets = [\"test " + (folder_ / "secret") +
              "\"]\n");
    write_text(folder_ / "payload.json", push_payload({}));
  }

  [[nodiscard]] ProgramCall sixth_call(const std::string& program,
                                       std::vector<std::string> arguments) const {
    auto call = daemon_call();
    call.program = program_folder + program;
    call.arguments = std::move(arguments);
    return call;
  }
  [[nodiscard]] ProgramResult devy(std::vector<std::string> arguments) const {
    auto call = sixth_call("devy-upload", std::move(arguments));
    call.environment["DEVY_LOG_LEVEL"] = "error";
    return run_program(call);
  }
};

TEST_F(SixthSystem, TakesDeliveriesRunsMeasuresAndLists) {
  const auto socket = server::bind_socket("127.0.0.1:0");
  auto call = sixth_call("devy-uploadd", {});
  call.sockets = {socket.get()};
  call.socket_names = "public";
  Program daemon(call);
  daemon.wait_for("event=\"daemon ready\"");
  wait_for_answer("/metrics", 200, "devy_greeting_measured 1");
  wait_for_answer("/metrics", 200, "devy_greeting_looks_total 1");

  // The subscriber records it, and a worker runs it.
  const auto sent = devy({"delivery", "send", folder_ / "payload.json", "--to",
                          "http://" + server::address_of(socket.get())});
  EXPECT_EQ(sent.status, 0) << sent.err;
  const auto id = database_.scalar("select id from devy.operation where kind = 'greeting'");
  daemon.wait_for("event=\"attempt ended\" operation=\"" + id +
                  "\" kind=\"greeting\" attempt=1 state=\"completed\"");
  wait_for_answer("/metrics", 200,
                  "devy_operations_finished_total{kind=\"greeting\",result=\"completed\"} 1");
  stop(daemon);

  // A process of the command line runs the next one, and shows both.
  EXPECT_EQ(database_.scalar("select o_state from devy.resource r, devy.operation_ingest("
                             "gen_random_uuid(), r.id, 'greeting', 'poll', null, null, null, '', "
                             "false, 100::smallint, 12, null, null, null)"),
            "verified");
  EXPECT_EQ(devy({"poll", "--once"}).status, 0);
  EXPECT_EQ(database_.scalar("select string_agg(distinct state, ' ') from devy.operation"),
            "completed");
  const auto listed = devy({"list", "--kind", "greeting", "--json"}).out;
  EXPECT_NE(listed.find("\"kind\": \"greeting\""), std::string::npos) << listed;
  EXPECT_NE(listed.find("\"repository "), std::string::npos) << listed;
}

// A template, a handler and a line: the guard, the frame and the escaping are there by themselves.
TEST_F(SixthSystem, ShowsAPageOfThreeSteps) {
  configure("[web]\naddresses = [\"127.0.0.1:0\"]\n[database]\nweb_conninfo = \"" +
            database_.conninfo() + " options='-c role=devy_web'\"\n");
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"db", "roles"}, {"account", "add", "ada"}, {"account", "operator", "ada", "on"}})
    ASSERT_EQ(devy(arguments).status, 0);
  database_.execute(
      "insert into devy.resource (kind, key) values ('greeted', '\"><script>alert(1)</script>')");
  Program daemon(sixth_call("devy-uploadd", {}));
  daemon.wait_for("event=\"daemon ready\"");
  const auto said = daemon.said();
  const std::string mark = "role=\"web\" address=\"";
  const auto from = said.find(mark) + mark.size();
  const auto address = said.substr(from, said.find('"', from) - from);

  EXPECT_EQ(send_request(address, "GET", "/greetings", {}).status, 303);
  const auto printed = devy({"web", "link", "--as", "ada"}).out;
  const auto path = printed.substr(printed.find("/login/link/"));
  const auto entered = send_request(address, "GET", path.substr(0, path.find_first_of(" \n")), {});
  const auto cookie = entered.head.find("__Host-devy=");
  ASSERT_NE(cookie, std::string::npos) << entered.head;
  const auto page = send_request(
      address, "GET", "/greetings",
      {{"Cookie", entered.head.substr(cookie, entered.head.find(';', cookie) - cookie)}});
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("<p>For ada.</p>"), std::string::npos) << page.body;
  EXPECT_NE(page.body.find("&lt;script&gt;alert(1)"), std::string::npos);
  EXPECT_NE(page.head.find("Content-Security-Policy: default-src 'none'"), std::string::npos);
  stop(daemon);
}

}  // namespace sixth_test
}  // namespace devy::testing
