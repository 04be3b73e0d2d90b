#include "core/publishing/store/blog_store.hpp"

#include "tests/integration/publishing/store/store_fixture.hpp"

namespace devy::publishing {
namespace blog_store_test {

using base::ErrorKind;

class Blogs : public StoreTest {
 protected:
  static constexpr const char* url = "https://github.com/alice/blog";
};

TEST_F(Blogs, FindsAnAccountByItsNameInLowerCase) {
  EXPECT_EQ(add_account(connection_, "Alice", true).username, "alice");
  EXPECT_TRUE(find_account(connection_, "ALICE").is_supporter);
  EXPECT_EQ(error_of([&] { add_account(connection_, "alice", false); }).kind(),
            ErrorKind::conflict);
  for (const auto* name : {"-a", "a--b", "a b", "", "ü"})
    EXPECT_EQ(error_of([&] { add_account(connection_, name, false); }).kind(), ErrorKind::usage)
        << name;
  EXPECT_EQ(error_of([&] { static_cast<void>(find_account(connection_, "nobody")); }).kind(),
            ErrorKind::not_found);
}

TEST_F(Blogs, FindsAConnectedBlogByAddressAndSlug) {
  const auto made = blog();
  EXPECT_EQ(made.address(), "alice/blog");
  EXPECT_EQ(find_blog(connection_, "alice/blog").id, made.id);
  EXPECT_EQ(find_blog(connection_, "blog").id, made.id);
  EXPECT_EQ(find_account(connection_, "alice").blogs, 1);
  EXPECT_EQ(error_of([&] { static_cast<void>(find_blog(connection_, "alice/none")); }).kind(),
            ErrorKind::not_found);
}

TEST_F(Blogs, NeedsTheAddressWhenTwoBlogsShareASlug) {
  blog();
  add_account(connection_, "bob", false);
  connect_blog(connection_, request("bob", "blog", "https://github.com/bob/blog"));
  EXPECT_EQ(error_of([&] { static_cast<void>(find_blog(connection_, "blog")); }).code(),
            "blog_ambiguous");
}

TEST_F(Blogs, AllowsASecondBlogToSupportersOnly) {
  blog();
  const auto second = request("alice", "two", "https://github.com/alice/two");
  EXPECT_EQ(error_of([&] { connect_blog(connection_, second); }).code(), "blog_limit");
  execute("update account set is_supporter = true");
  EXPECT_EQ(connect_blog(connection_, second).slug, "two");
}

TEST_F(Blogs, AllowsOneBlogPerRepository) {
  blog();
  add_account(connection_, "bob", false);
  EXPECT_EQ(error_of([&] { connect_blog(connection_, request("bob", "mine", url)); }).code(),
            "repository_connected");
}

TEST_F(Blogs, AddsTheIdToARepositoryKnownByItsAddress) {
  blog();
  add_account(connection_, "bob", false);
  auto same = request("bob", "mine", url);
  same.github_id = 42;
  EXPECT_EQ(error_of([&] { connect_blog(connection_, same); }).code(), "repository_connected");
  disconnect_blog(connection_, blog());
  EXPECT_EQ(connect_blog(connection_, same).github_id, 42);
  EXPECT_EQ(value("select count(*) from repository"), "1");
}

TEST_F(Blogs, BindsAConnectedBlogThatIsConnectedAgainWithItsId) {
  const auto made = blog();
  execute("update blog set branch = 'site'; update repository set frozen_reason = null");
  auto again = request("alice", "blog", made.repository_url);
  EXPECT_EQ(error_of([&] { connect_blog(connection_, again); }).code(), "blog_limit");
  again.github_id = 42;
  const auto bound = connect_blog(connection_, again);
  EXPECT_EQ(bound.id, made.id);
  EXPECT_EQ(bound.github_id, 42);
  EXPECT_EQ(bound.branch, "site");
  EXPECT_EQ(error_of([&] { connect_blog(connection_, again); }).code(), "blog_limit");
}

TEST_F(Blogs, TreatsAReusedNameAsAnotherRepository) {
  add_account(connection_, "alice", true);
  auto first = request("alice", "one", url);
  first.github_id = 1;
  connect_blog(connection_, first);
  auto second = request("alice", "two", url);
  second.github_id = 2;
  connect_blog(connection_, second);
  EXPECT_EQ(value("select count(*) from repository"), "2");
}

TEST_F(Blogs, ReservesAnAddressForItsOwnRepository) {
  const auto made = blog();
  execute("update account set is_supporter = true");
  EXPECT_EQ(error_of([&] {
              connect_blog(connection_, request("alice", "blog", "https://github.com/alice/other"));
            }).code(),
            "blog_exists");
  disconnect_blog(connection_, made);
  EXPECT_EQ(connect_blog(connection_, request("alice", "blog", url)).id, made.id);
}

TEST_F(Blogs, ChecksTheFormOfASlug) {
  add_account(connection_, "alice", false);
  EXPECT_EQ(error_of([&] { connect_blog(connection_, request("alice", "Not OK", url)); }).kind(),
            ErrorKind::usage);
}

TEST_F(Blogs, AcceptsNoUploadsWhenDisconnected) {
  const auto made = blog();
  const auto waiting = record_upload(connection_, made, {}).id;
  disconnect_blog(connection_, made);
  EXPECT_EQ(load_upload(connection_, waiting).state, queue::State::disabled);
  EXPECT_EQ(record_upload(connection_, made, {}).state, queue::State::disabled);
  EXPECT_TRUE(list_blogs(connection_).empty());
  EXPECT_EQ(list_blogs(connection_, true).size(), 1U);
}

TEST_F(Blogs, TreatsANewBlogOfARepositoryAsNoDuplicate) {
  const auto old = blog();
  UploadRequest push;
  push.announced_commit = std::string(40, 'a');
  const auto first = record_upload(connection_, old, push).id;
  execute("update operation set fetched_revision = repeat('a', 40)");
  execute("update operation set state = 'scheduled', attempt = 1");
  execute("update operation set state = 'completed', finished_at = clock_timestamp()");
  EXPECT_EQ(record_upload(connection_, old, push).pointer, first);
  disconnect_blog(connection_, old);
  add_account(connection_, "bob", false);
  const auto newer = connect_blog(connection_, request("bob", "blog", url));
  EXPECT_EQ(record_upload(connection_, newer, push).state, queue::State::verified);
}

TEST_F(Blogs, UpdatesTheAddressAndTheDefaultBranchFromTheRemote) {
  update_repository(connection_, blog(), "https://github.com/alice/renamed", "trunk");
  EXPECT_EQ(blog().repository_url, "https://github.com/alice/renamed");
  EXPECT_EQ(blog().default_branch, "trunk");
  update_repository(connection_, blog(), "https://github.com/alice/renamed", std::nullopt);
  EXPECT_EQ(blog().default_branch, "trunk");
}

}  // namespace blog_store_test
}  // namespace devy::publishing
