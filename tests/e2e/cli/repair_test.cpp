#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"

// `verify --repair` as an operator uses it: it never moves a blog.

namespace devy::testing {
namespace repair_command_test {

class VerifyRepair : public BlogFixture {
 protected:
  std::string publish() const {
    return json({"trigger", "alice/blog", "--here"})["id"].get<std::string>();
  }
  void lose(const std::string& slug) const {
    database_.execute("delete from devy.revision where slug = '" + slug +
                      "'; delete from devy.post where slug = '" + slug + "'");
  }
};

TEST_F(VerifyRepair, KeepsARollbackAndTheRecordsOfEarlierUploads) {
  const auto older = publish();
  const auto shown = author_.head();
  author_.write_file("bad.md", "# Withdrawn\n");
  author_.commit("Write what is withdrawn");
  static_cast<void>(publish());
  EXPECT_EQ(run({"replay", older, "--force", "--here"}).status, 0);
  const auto before = json({"inspect", older});
  lose("second");
  const auto repaired = json({"verify", "alice/blog", "--repair"})[0];
  EXPECT_EQ(repaired["ok"], true);
  EXPECT_EQ(repaired["commit"], shown);
  EXPECT_TRUE(repaired["error"].is_null());
  const auto upload = json({"inspect", repaired["repair"].get<std::string>()});
  EXPECT_EQ(upload["trigger"], "repair");
  EXPECT_EQ(upload["commit"], shown);
  EXPECT_EQ(json({"inspect", older}), before);
  const auto blog = json({"blog", "show", "alice/blog"});
  EXPECT_EQ(blog["pinned_commit"], shown);
  EXPECT_EQ(blog["head_commit"], shown);
  EXPECT_EQ(blog["last_upload"], older);
  EXPECT_EQ(database_.number("select count(*) from devy.post where slug = 'bad'"), 0);
}

TEST_F(VerifyRepair, SaysInADryRunWhatItWouldDo) {
  static_cast<void>(publish());
  lose("second");
  const auto dry = json({"verify", "alice/blog", "--repair", "--dry-run"}, 10)[0];
  EXPECT_EQ(dry["would_repair"], true);
  EXPECT_TRUE(dry["repair"].is_null());
  EXPECT_EQ(database_.number("select count(*) from devy.operation"), 1);
  EXPECT_EQ(run({"queue", "pause", "alice/blog", "--reason", "moving"}).status, 0);
  const auto refused = run({"verify", "alice/blog", "--repair", "--dry-run"});
  EXPECT_EQ(refused.status, 5);
  EXPECT_NE(refused.err.find("would be refused: unable to repair 'alice/blog': it is paused since"),
            std::string::npos)
      << refused.err;
}

TEST_F(VerifyRepair, IsRefusedWhereNothingMayRun) {
  static_cast<void>(publish());
  lose("second");
  EXPECT_EQ(run({"queue", "pause", "--reason", "moving"}).status, 0);
  const auto refused = run({"verify", "alice/blog", "--repair"});
  EXPECT_EQ(refused.status, 5);
  EXPECT_NE(refused.out.find("missing   second.md"), std::string::npos) << refused.out;
  EXPECT_NE(refused.err.find("hint: Run `devy-upload queue resume`"), std::string::npos);
  const auto document = json({"verify", "alice/blog", "--repair"}, 5)[0];
  EXPECT_EQ(document["ok"], false);
  EXPECT_EQ(document["error"]["code"], "queue_paused");
  EXPECT_EQ(database_.number("select count(*) from devy.operation"), 1);
}

TEST_F(VerifyRepair, GoesOnWithTheOtherBlogsWhenOneCannotBeRepaired) {
  static_cast<void>(publish());
  lose("second");
  EXPECT_EQ(run({"queue", "pause", "alice/blog"}).status, 0);
  const auto all = json({"verify", "--all", "--repair", "--yes"}, 10);
  EXPECT_EQ(all[0]["error"]["code"], "blog_paused");
  EXPECT_EQ(run({"queue", "resume", "alice/blog"}).status, 0);
  EXPECT_EQ(json({"verify", "--all", "--repair", "--yes"})[0]["ok"], true);
}

}  // namespace repair_command_test
}  // namespace devy::testing
