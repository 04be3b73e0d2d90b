#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"

// `top` on a pseudo-terminal of several widths: what it shows, and what its keys do.

namespace devy::testing {
namespace top_test {

class TopCommand : public BlogFixture {
 protected:
  [[nodiscard]] ProgramCall live(const std::string& columns) const {
    auto with_terminal = call({"top", "--interval", "100ms", "--color", "never"});
    with_terminal.has_terminal = true;
    with_terminal.environment["COLUMNS"] = columns;
    with_terminal.environment["LINES"] = "24";
    return with_terminal;
  }
};

TEST_F(TopCommand, ShowsEverythingAtEachWidth) {
  const auto id = record();
  for (const auto* columns : {"60", "80", "200"}) {
    Program program(live(columns));
    program.wait_for(id.substr(0, 8));
    program.wait_for("operations: all");
    program.wait_for("1 waiting");
    program.write("q");
    EXPECT_EQ(program.wait().status, 0) << columns;
  }
}

TEST_F(TopCommand, InspectsCancelsAndReplays) {
  const auto id = record();
  Program program(live("80"));
  program.wait_for("operations: all");
  program.write("\r");
  program.wait_for("alice/blog");
  program.wait_for("esc: back");
  program.write("c");
  program.wait_for("cancel " + id.substr(0, 8) + "? y/n");
  program.write("n");
  program.wait_for("not done");
  EXPECT_EQ(state_of(id), "verified");
  program.write("c");
  program.wait_for("y/n", 2);
  program.write("y");
  program.wait_for(id.substr(0, 8) + ": cancelled");
  EXPECT_EQ(state_of(id), "cancelled");
  program.write("r");
  program.wait_for("replay " + id.substr(0, 8));
  program.write("y");
  program.wait_for("replayed");
  EXPECT_EQ(state_of(id), "verified");
  program.write("q");
  EXPECT_EQ(program.wait().status, 0);
  EXPECT_EQ(database_.scalar("select string_agg(act, ' ' order by id) from devy.audit"
                             " where act like 'operation.%'"),
            "operation.cancel operation.replay");
}

TEST_F(TopCommand, SaysWhyAnActIsRefused) {
  static_cast<void>(json({"trigger", "alice/blog", "--here"}));
  Program program(live("80"));
  program.wait_for("completed");
  program.write("cy");
  program.wait_for("unable to cancel");
  program.write("f");
  program.wait_for("open");  // only what has changed is drawn
  program.write("f");
  program.wait_for("failed");
  program.write("\x03");
  EXPECT_EQ(program.wait().status, 130);
}

TEST_F(TopCommand, NeedsAPerson) {
  const auto refused = run({"top"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.err.find("devy-upload status"), std::string::npos) << refused.err;
}

}  // namespace top_test
}  // namespace devy::testing
