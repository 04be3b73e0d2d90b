#include "core/platform/process/message.hpp"

#include <gtest/gtest.h>

namespace devy::process {

struct Leaf {
  std::string name;
  std::optional<int> count;
  bool operator==(const Leaf&) const = default;
};
struct Tree {
  std::uint8_t small = 0;
  std::int64_t large = 0;
  double real = 0;
  bool truth = false;
  std::string text;
  std::optional<std::string> maybe;
  std::vector<Leaf> leaves;
  std::map<std::string, std::uint32_t, std::less<>> numbers;
  std::chrono::milliseconds wait{0};
  std::chrono::sys_days day;
  std::array<std::uint8_t, 3> bytes{};
  std::variant<int, std::string> either;
  bool operator==(const Tree&) const = default;
};

void fields(auto& message, Of<Leaf> auto& leaf) {
  message(leaf.name, leaf.count);
}

void fields(auto& message, Of<Tree> auto& tree) {
  message(tree.small, tree.large, tree.real, tree.truth, tree.text, tree.maybe, tree.leaves,
          tree.numbers, tree.wait, tree.day, tree.bytes, tree.either);
}

namespace message_test {

constexpr MessageFormat format{.name = "a tree", .items_max = 3, .text_bytes_max = 20};

Tree some_tree() {
  Tree tree;
  tree.small = 200;
  tree.large = -5;
  tree.real = 0.5;
  tree.truth = true;
  tree.text = std::string("\0\xff\n", 3);
  tree.maybe = "";
  tree.leaves = {{"a", 1}, {"b", std::nullopt}};
  tree.numbers = {{"x", 1}, {"y", 2}};
  tree.wait = std::chrono::milliseconds(1'500);
  tree.day = std::chrono::sys_days(std::chrono::days(-3));
  tree.bytes = {1, 2, 3};
  tree.either = "text";
  return tree;
}

template <class Type>
std::string refusal(std::string_view frame, const MessageFormat& with = format) {
  try {
    static_cast<void>(decode<Type>(with, frame));
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::internal);
    return error.text();
  }
  return "";
}

TEST(Message, CarriesEveryFieldUnchanged) {
  EXPECT_EQ(decode<Tree>(format, encode(format, some_tree())), some_tree());
  EXPECT_EQ(decode<Tree>(format, encode(format, Tree{})), Tree{});
}

TEST(Message, RefusesOneThatIsCutAtAnyByte) {
  const auto frame = encode(format, some_tree());
  for (std::size_t size = 0; size < frame.size(); ++size)
    EXPECT_EQ(refusal<Tree>(std::string_view(frame).substr(0, size)),
              "unable to read a tree: a message is cut short")
        << size;
}

TEST(Message, RefusesBytesBehindIt) {
  const auto frame = encode(format, some_tree());
  EXPECT_EQ(refusal<Tree>(frame + std::string(1, '\0')),
            "unable to read a tree: a message has bytes behind it");
  EXPECT_EQ(refusal<Tree>(frame + frame), "unable to read a tree: a message has bytes behind it");
}

TEST(Message, ReadsOrRefusesAnyByteInThePlaceOfAnother) {
  const auto frame = encode(format, some_tree());
  for (std::size_t at = 0; at < frame.size(); ++at)
    for (int byte = 0; byte < 256; ++byte) {
      auto changed = frame;
      changed[at] = static_cast<char>(byte);
      static_cast<void>(refusal<Tree>(changed));
    }
}

TEST(Message, BoundsTextsAndLists) {
  EXPECT_EQ(refusal<std::string>(encode(format, std::string(20, 'x'))), "");
  EXPECT_EQ(refusal<std::string>(encode(format, std::string(21, 'x'))),
            "unable to read a tree: a text is too long");
  using Numbers = std::vector<std::uint64_t>;
  EXPECT_EQ(refusal<Numbers>(encode(format, Numbers(3))), "");
  EXPECT_EQ(refusal<Numbers>(encode(format, Numbers(4))),
            "unable to read a tree: a list is too long");
  using Map = std::map<std::string, bool>;
  EXPECT_EQ(refusal<Map>(encode(format, Map{{"a", true}, {"b", true}, {"c", true}})), "");
  EXPECT_EQ(refusal<Map>(encode(format, Map{{"a", true}, {"b", true}, {"c", true}, {"d", true}})),
            "unable to read a tree: a list is too long");
}

// Sizes that are not true end with the frame, and not with the memory.
TEST(Message, BelievesNoSize) {
  constexpr MessageFormat wide{
      .name = "a list", .items_max = 0xffff'ffff, .text_bytes_max = 0xffff'ffff};
  const std::string most(4, '\xff');
  EXPECT_EQ(refusal<std::vector<Tree>>(most, wide),
            "unable to read a list: a message is cut short");
  EXPECT_EQ(refusal<std::string>(most, wide), "unable to read a list: a message is cut short");
  EXPECT_EQ((refusal<std::map<std::string, bool>>(most, wide)),
            "unable to read a list: a message is cut short");
}

TEST(Message, RefusesWhatNoEncoderWrites) {
  EXPECT_EQ(refusal<bool>("\2"), "unable to read a tree: it has neither true nor false");
  EXPECT_EQ((refusal<std::variant<int, bool>>("\2\1\1\1\1")),
            "unable to read a tree: it is of no known kind");
  std::string frame;
  Encoder(format, frame)(std::uint32_t{2}, "a", true, "a", true);
  EXPECT_EQ((refusal<std::map<std::string, bool>>(frame)),
            "unable to read a tree: a name is there twice");
  using Seconds = std::chrono::duration<std::int32_t>;
  EXPECT_EQ(refusal<Seconds>(encode(format, std::int64_t{1} << 40)),
            "unable to read a tree: a time is out of range");
}

TEST(Message, KeepsInvalidUtf8OutWhereTheFormatSaysSo) {
  constexpr MessageFormat utf8{.name = "an answer", .is_utf8 = true};
  const std::string branch = "a\xff\xc3z\xc3\xa4";
  EXPECT_EQ(decode<std::string>(utf8, encode(utf8, branch)), "a\xef\xbf\xbd\xef\xbf\xbdz\xc3\xa4");
  EXPECT_EQ(refusal<std::string>(encode(format, branch), utf8),
            "unable to read an answer: a text is no UTF-8");
}

TEST(Message, CarriesErrors) {
  using Answer = std::variant<base::Secret, base::AskedToWait, base::Error>;
  constexpr MessageFormat answers{.name = "an answer"};
  const base::Error error(base::ErrorKind::denied, "no", "Ask.", "code");
  const auto carried = decode<Answer>(answers, encode(answers, Answer(error)));
  const auto& read = std::get<base::Error>(carried);
  EXPECT_EQ(read.kind(), base::ErrorKind::denied);
  EXPECT_EQ(read.text(), "no");
  EXPECT_EQ(read.hint(), "Ask.");
  EXPECT_EQ(read.code(), "code");
  const auto frame = encode(answers, Answer(base::AskedToWait(error, std::chrono::seconds(30))));
  const auto wait = decode<Answer>(answers, frame);
  EXPECT_EQ(std::get<base::AskedToWait>(wait).wait(), std::chrono::seconds(30));
  EXPECT_EQ(std::get<base::AskedToWait>(wait).code(), "code");
  for (std::size_t size = 0; size < frame.size(); ++size)
    EXPECT_EQ(refusal<Answer>(frame.substr(0, size), answers),
              "unable to read an answer: a message is cut short");
  const auto secret = decode<Answer>(answers, encode(answers, Answer(base::Secret("s"))));
  EXPECT_EQ(std::get<base::Secret>(secret).reveal(), "s");
}

}  // namespace message_test
}  // namespace devy::process
