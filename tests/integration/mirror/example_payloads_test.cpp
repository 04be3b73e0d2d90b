// GitHub's own example payloads give the same rows in whatever order they come, and however often.
// Many of them are of the same second.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>
#include <sstream>

#include "core/platform/base/time_text.hpp"
#include "tests/integration/mirror/mirror_copies.hpp"
#include "tests/support/process/peer.hpp"

namespace devy::mirror {
namespace example_payloads_test {

using interleavings_test::Delivered;
using interleavings_test::MirrorCopies;
using interleavings_test::Told;

constexpr int orders = 8;

// Each received a second after the other.
std::vector<Told> tell_examples(bool is_of_app) {
  std::vector<Told> all;
  auto received_at = base::parse_rfc3339("2026-03-01T12:00:00Z").value();
  for (const auto& line : testing::run_peer("webhook_examples.mjs", {"a secret"})) {
    std::istringstream words(line);
    std::string event, signature, body;
    words >> event >> signature >> body;
    Delivered delivered;
    delivered.event = event;
    delivered.payload = testing::decode_base64(body);
    delivered.is_of_app = is_of_app;
    delivered.received_at = received_at += std::chrono::seconds(1);
    const auto payload = nlohmann::json::parse(delivered.payload);
    if (!payload.contains("repository")) continue;
    delivered.repository_id = payload["repository"]["id"];
    for (auto& told : told_by_delivery(delivered))
      all.push_back(std::move(told));
  }
  return all;
}

// The parameter says whether the secret is the App's.
class OrderOfExamples : public ::testing::TestWithParam<bool> {};

TEST_P(OrderOfExamples, ChangesNoRow) {
  const auto told = tell_examples(GetParam());
  EXPECT_EQ(told.size(), 104U);
  const testing::TestDatabase database;
  MirrorCopies copies(database);
  std::minstd_rand random(3);
  for (int copy = 0; copy <= orders; ++copy) {
    std::vector<std::size_t> order(told.size());
    std::iota(order.begin(), order.end(), 0U);
    // Copy 0 has them as they were received, each once.
    for (std::size_t place = 0; copy > 0 && place < told.size(); ++place)
      if (random() % 5 == 0) order.push_back(place);
    if (copy > 0) std::ranges::shuffle(order, random);
    const std::vector<int> only{copy};
    for (const auto place : order)
      copies.tell(told[place], only);
  }
  for (const auto& difference : copies.differences(orders))
    ADD_FAILURE() << difference;
  for (const auto* relation : {"issue", "label", "milestone", "issue_comment", "repository_hook"})
    EXPECT_EQ(database.scalar(std::string("select count(*) from (select 1 from github.") +
                              relation + " group by id % 1000000000000 having count(*) <> " +
                              std::to_string(orders + 1) +
                              " or count(distinct coalesce(deleted_reason, 'lives')) > 1) x"),
              "0")
        << relation;
  EXPECT_EQ(database.scalar("select string_agg(distinct deleted_reason, ' ') from github.issue"),
            "deleted transferred");
}

INSTANTIATE_TEST_SUITE_P(SignedBy, OrderOfExamples, ::testing::Bool(), [](const auto& is_app) {
  return is_app.param ? "TheApp" : "Repositories";
});

}  // namespace example_payloads_test
}  // namespace devy::mirror
