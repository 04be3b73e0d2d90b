// GitHub's deliveries come late, twice, in any order or not at all, while somebody edits here: in
// the end the base is what GitHub says, nothing that was said here is gone, and whatever differs is
// owed.
#include <algorithm>
#include <random>

#include "core/mirror/records/process.hpp"
#include "core/mirror/store/apply.hpp"
#include "tests/integration/sync/inbound/inbound_fixture.hpp"
#include "tests/support/mirror/documents.hpp"

namespace devy::testing {
namespace shuffled_test {

constexpr int changes = 9;

class Shuffled : public InboundTest, public ::testing::WithParamInterface<int> {
 protected:
  // The issue as it was after each of its changes; some have the same second.
  std::vector<Document> history(std::mt19937& random) const {
    std::vector<Document> versions;
    int second = 10;
    for (int change = 0; change < changes; ++change) {
      auto version = versions.empty() ? issue(1, "title 0", second) : versions.back();
      if (change > 0) {
        second += static_cast<int>(random() % 3);
        version["updated_at"] = issue(1, "", second)["updated_at"];
        switch (random() % 3) {
          case 0: version["title"] = "title " + std::to_string(change); break;
          case 1: version["body"] = "body " + std::to_string(change); break;
          default:
            version["labels"] = Document::array();
            for (int label = 0; label < 3; ++label)
              if (random() % 2 == 0)
                version["labels"].push_back(
                    {{"id", 10 + label}, {"name", "label " + std::to_string(label)}});
        }
      }
      versions.push_back(version);
    }
    return versions;
  }
  // GitHub is asked, as the mirror does for what is not certain, and long after the last change.
  void ask(const Document& document) {
    auto text = document;
    text["url"] = "https://api.github.com/repos/alice/notes/issues/1";
    auto origin = api_origin();
    origin.repository_id = 7;
    const auto records = process(records::process_issue, text.dump(), origin);
    pg::Transaction transaction(connection_);
    mirror::apply(
        connection_, records,
        {records::Via::api, origin.fetched_at, origin.github_at, records::Relation::issue},
        {&observer_});
    transaction.commit();
  }
};

TEST_P(Shuffled, EndsWithWhatGitHubSaysAndLosesNothing) {
  std::mt19937 random(static_cast<unsigned>(GetParam()));
  const auto versions = history(random);
  std::vector<std::size_t> order;
  for (std::size_t place = 1; place < versions.size(); ++place)
    for (std::size_t times = random() % 3; times > 0; --times)
      order.push_back(place);
  std::ranges::shuffle(order, random);
  make_task(versions.front());
  std::vector<std::string> said;
  for (const auto place : order) {
    tell_issue("edited", versions[place]);
    if (random() % 3 == 0) {
      said.push_back("ours " + std::to_string(said.size()));
      edit_here(1, "title = '" + said.back() + "'");
    }
    if (random() % 2 == 0) run(random() % 2 == 0);
  }
  run(true);
  ask(versions.back());
  run(true);
  const auto& last = versions.back();
  EXPECT_EQ(link("base ->> 'title', base ->> 'body'"),
            last["title"].get<std::string>() + "|" + last["body"].get<std::string>());
  std::vector<std::string> labels;
  for (const auto& label : last["labels"])
    labels.push_back(label["name"].get<std::string>());
  EXPECT_EQ(link("(select string_agg(x, ',' order by x) from jsonb_array_elements_text(base -> "
                 "'labels') x)"),
            [&] {
              std::string text;
              for (const auto& label : labels)
                text += (text.empty() ? "" : ",") + label;
              return text;
            }());
  EXPECT_EQ(task("body"), last["body"].get<std::string>());
  for (const auto& title : said)
    EXPECT_EQ(database_.scalar("select exists (select from devy.record_version where fields ->> "
                               "'title' = '" +
                               title + "')"),
              "t")
        << title;
  // Equal at rest, or something is owed.
  EXPECT_EQ(database_.scalar("select (l.base ->> 'title' = t.title) or l.owed > 0 from "
                             "devy.sync_link l join devy.task t on t.id = l.id"),
            "t");
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation where direction = 'inbound' and "
                             "lane = 'work' and state not in ('completed', 'cancelled', 'dropped', "
                             "'duplicate')"),
            "0");
}

INSTANTIATE_TEST_SUITE_P(Seeds, Shuffled, ::testing::Range(1, 5));

}  // namespace shuffled_test
}  // namespace devy::testing
