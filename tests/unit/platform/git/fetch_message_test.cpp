#include "core/platform/git/fetch_message.hpp"

#include <gtest/gtest.h>

namespace devy::git {
namespace fetch_message_test {

FetchOrder some_order() {
  FetchOrder order;
  order.url = "https://example.org/a";
  order.branch = "main";
  order.skip = CommitId::parse(std::string(40, 'a'));
  order.directory = "/run/\xff";
  order.may_be_partial = true;
  order.blobs = {*BlobId::parse(std::string(40, 'b')), *BlobId::parse(std::string(40, 'c'))};
  order.is_history = true;
  order.history_since = 1'500'000'000;
  order.stall = std::chrono::milliseconds(250);
  order.pack_bytes_max = 1ULL << 40U;
  order.pack_objects_max = 7;
  return order;
}

TEST(FetchMessage, CarriesAnOrderWhole) {
  const auto sent = some_order();
  const auto order = parse_order(to_frame(sent));
  EXPECT_EQ(order.url, sent.url);
  EXPECT_EQ(order.branch, sent.branch);
  EXPECT_EQ(order.commit, std::nullopt);
  EXPECT_EQ(order.skip, sent.skip);
  EXPECT_EQ(order.directory, sent.directory);
  EXPECT_TRUE(order.may_be_partial);
  EXPECT_EQ(order.blobs, sent.blobs);
  EXPECT_TRUE(order.is_history);
  EXPECT_EQ(order.history_since, sent.history_since);
  EXPECT_EQ(order.stall, sent.stall);
  EXPECT_EQ(order.pack_bytes_max, sent.pack_bytes_max);
  EXPECT_EQ(order.pack_objects_max, 7U);
}

TEST(FetchMessage, FitsTheLargestOrderIntoAFrame) {
  FetchOrder order;
  order.blobs.resize(order_blobs_max);
  const auto frame = to_frame(order);
  EXPECT_LT(frame.size(), fetch_frame_bytes_max / 2);
  EXPECT_EQ(parse_order(frame).blobs.size(), order_blobs_max);
  order.blobs.emplace_back();
  EXPECT_THROW(static_cast<void>(parse_order(to_frame(order))), base::Error);
}

TEST(FetchMessage, CarriesEveryAnswer) {
  const auto commit = *CommitId::parse(std::string(40, 'd'));
  const auto tip = std::get<FetchedTip>(
      parse_answer(to_frame(FetchedTip{"main", commit, "/run/x", true, false, 12})));
  EXPECT_EQ(tip.branch, "main");
  EXPECT_EQ(tip.commit, commit);
  EXPECT_EQ(tip.repository, "/run/x");
  EXPECT_TRUE(tip.is_partial);
  EXPECT_FALSE(tip.has_shown_token);
  EXPECT_EQ(tip.received_bytes, 12U);
  EXPECT_EQ(std::get<Progress>(parse_answer(to_frame(Progress{1, 2, 3, 4}))).total_objects, 4U);
  EXPECT_EQ(std::get<FetchedBlobs>(parse_answer(to_frame(FetchedBlobs{5}))).received_bytes, 5U);
  EXPECT_EQ(std::get<MovedTo>(parse_answer(to_frame(MovedTo{"u"}))).url, "u");
}

// A branch may be named by any bytes; columns and logs are UTF-8.
TEST(FetchMessage, NamesABranchInUtf8) {
  const auto answer = parse_answer(to_frame(FetchedTip{"a\xff", CommitId{}, {}}));
  EXPECT_EQ(std::get<FetchedTip>(answer).branch, "a\xef\xbf\xbd");
}

TEST(FetchMessage, RefusesWhatIsCutShortOrTooLong) {
  const auto order = to_frame(some_order());
  for (std::size_t size = 0; size < order.size(); ++size)
    EXPECT_THROW(static_cast<void>(parse_order(order.substr(0, size))), base::Error) << size;
  EXPECT_THROW(static_cast<void>(parse_order(order + "x")), base::Error);
  const auto answer = to_frame(FetchedTip{"main", CommitId{}, "/run/x", true, false, 12});
  for (std::size_t size = 0; size < answer.size(); ++size)
    EXPECT_THROW(static_cast<void>(parse_answer(answer.substr(0, size))), base::Error) << size;
  EXPECT_THROW(static_cast<void>(parse_answer(answer + "x")), base::Error);
  EXPECT_THROW(static_cast<void>(parse_answer("\x07")), base::Error);
}

}  // namespace fetch_message_test
}  // namespace devy::git
