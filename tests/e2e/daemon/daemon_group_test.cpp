// Five daemons on one database, with hundreds of repositories.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "tests/e2e/daemon/daemon_fixture.hpp"
#include "tests/support/git/repository_farm.hpp"
#include "tests/support/github/push_sender.hpp"
#include "tests/support/look_again.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace daemon_group_test {

constexpr int daemons_count = 5, workers_each = 2;
constexpr int workers_count = daemons_count * workers_each;
constexpr int large_owner_blogs = 300, small_owners = 200;
constexpr int blogs_count = large_owner_blogs + small_owners;

class DaemonGroup : public DaemonFixture {
 protected:
  DaemonGroup() : farm_(folder_ / "repositories", names()) {
    write_text(folder_ / "secret", std::string(push_secret) + "\n");
    ::chmod((folder_ / "secret").c_str(), 0600);
    configure("[webhook]\nsender_check = \"off\"\nsecrets = [\"test " + (folder_ / "secret") +
              "\"]\n[workers]\nmin = 2\nmax = 2\n[reconcile]\nevery = 0\n[verify]\nevery = 0\n");
  }

  // One who has most of the blogs, and many who have one.
  static std::vector<std::string> names() {
    std::vector<std::string> names;
    for (int n = 1; n <= large_owner_blogs; ++n)
      names.push_back("large/blog" + std::to_string(n));
    for (int n = 1; n <= small_owners; ++n)
      names.push_back("small" + std::to_string(n) + "/blog");
    return names;
  }
  // A push to each repository, those of the large owner first, to the daemons in turn.
  void send_all() const {
    std::atomic<int> next{0}, refused{0};
    {
      std::vector<std::jthread> senders;
      for (int n = 0; n < daemons_count; ++n)
        senders.emplace_back([&, address = listener_of(n)] {
          for (int number = 0; (number = next++) < blogs_count;) {
            const auto& name = farm_.names()[static_cast<std::size_t>(number)];
            const PayloadRepository repository{.id = number + 1,
                                               .owner = name.substr(0, name.find('/')),
                                               .name = "blog",
                                               .url = server_->url(name + ".git")};
            if (send_push(address, repository, number + 1).status != 202) ++refused;
          }
        });
    }
    ASSERT_EQ(refused, 0);
  }
  void queue(const std::string& verb) const {
    auto call = daemon_call();
    call.program = "devy-upload";
    call.arguments = {"queue", verb, "--yes"};
    ASSERT_EQ(run_program(call).status, 0);
  }
  void wait_until_all_ended() const {
    const auto until = std::chrono::steady_clock::now() + time_factor * std::chrono::seconds(300);
    for (; database_.number("select count(*) from devy.operation where finished_at is null") > 0;
         pause_before_looking_again())
      if (std::chrono::steady_clock::now() > until) throw std::runtime_error("not all have ended");
  }
  // Blogs that show their own repository's post at its commit.
  [[nodiscard]] long shown_rightly() const {
    std::string values;
    for (std::size_t n = 0; n < farm_.names().size(); ++n)
      values += std::string(n == 0 ? "" : ",") + "('" + farm_.names()[n] + "','" +
                farm_.commit(n, 0) + "')";
    return database_.number(
        "select count(*) from (values " + values +
        ") as wanted (blog_name, commit) join devy.account a on a.username = split_part(blog_name, "
        "'/', 1)"
        " join devy.blog b on b.account_id = a.id and b.slug = split_part(blog_name, '/', 2)"
        " and b.head_commit = commit"
        " join devy.visible_post p on p.blog_id = b.id and p.title = 'Hello of ' || blog_name");
  }

  const RepositoryFarm farm_;
};

TEST_F(DaemonGroup, RunsEachUploadOnceAndTreatsOwnersFairly) {
  database_.execute(
      connect_all(farm_, [&](const std::string& name) { return server_->url(name + ".git"); }));
  auto daemons = start_many(daemons_count);
  queue("pause");
  send_all();
  EXPECT_EQ(database_.number("select count(*) from devy.operation where state = 'verified'"),
            blogs_count);
  queue("resume");
  wait_until_all_ended();
  for (auto& daemon : daemons)
    stop(*daemon);

  // Once each, at the first attempt; the queue's invariants tell of two runners of a repository.
  EXPECT_EQ(database_.number("select count(*) from devy.operation where state = 'completed' and "
                             "attempt = 1"),
            blogs_count);
  EXPECT_EQ(database_.number("select count(*) from devy.attempt"), blogs_count);
  EXPECT_EQ(shown_rightly(), blogs_count);
  EXPECT_EQ(database_.number("select count(*) from devy.visible_post"), blogs_count);
  constexpr int every = 25;
  EXPECT_EQ(broken_promises(every), std::vector<std::string>{});

  // Every worker has worked, a fair part of it, and all of them at once.
  EXPECT_EQ(database_.number("select count(distinct worker) from devy.attempt"), workers_count);
  EXPECT_GT(database_.number("select min(count) from (select count(*) from devy.attempt group by "
                             "worker) w"),
            blogs_count / workers_count / 5);
  EXPECT_EQ(database_.number("select max((select count(*) from devy.attempt b where b.started_at "
                             "<= a.started_at and b.ended_at > a.started_at)) from devy.attempt a"),
            workers_count);
  // The large owner came first, and did not make the others wait for all of that.
  EXPECT_LT(
      database_.number("select count(*) from devy.attempt a join devy.operation o on o.id = "
                       "a.operation_id where o.owner = 'large' and a.started_at < (select "
                       "max(t.started_at) from devy.attempt t join devy.operation p on p.id = "
                       "t.operation_id where p.owner <> 'large')"),
      large_owner_blogs / 2);
}

}  // namespace daemon_group_test
}  // namespace devy::testing
