#include "core/platform/git/pack_response.hpp"

#include <gtest/gtest.h>

#include "core/platform/git/packet_line.hpp"

namespace devy::git {
namespace pack_response_test {

using State = PackResponse::State;

std::string packet(const std::string& text) {
  auto line = packet_line(text);
  return line;
}

// A line without a line end, as packs have them.
std::string banded(char band, const std::string& bytes) {
  auto line = packet_line(band + bytes.substr(0, bytes.empty() ? 0 : bytes.size() - 1));
  if (bytes.empty()) return "0005" + std::string(1, band);
  line.back() = bytes.back();
  return line;
}

struct Heard {
  std::string pack;
  int texts = 0;
  PackResponse response{{[this](std::string_view bytes) { pack += bytes; }, [this] { ++texts; }}};
};

std::string whole_answer() {
  return packet("shallow-info") + packet("shallow " + std::string(40, 'a')) + "0001" +
         packet("packfile") + banded(2, "counting\n") + banded(1, "PACK") + banded(1, "") +
         banded(1, std::string(60'000, 'x')) + banded(1, "end") + "0000";
}

TEST(PackResponse, HandsThePackOn) {
  Heard heard;
  EXPECT_EQ(heard.response.feed(whole_answer()), State::complete);
  EXPECT_EQ(heard.pack, "PACK" + std::string(60'000, 'x') + "end");
  EXPECT_EQ(heard.texts, 1);
}

TEST(PackResponse, IsTheSameHoweverItIsCut) {
  const auto answer = whole_answer();
  for (const std::size_t piece : {1UL, 2UL, 3UL, 5UL, 1024UL, 16'384UL, 59'999UL}) {
    Heard heard;
    for (std::size_t at = 0; at < answer.size(); at += piece)
      static_cast<void>(heard.response.feed(std::string_view(answer).substr(at, piece)));
    EXPECT_EQ(heard.response.state(), State::complete) << piece;
    EXPECT_EQ(heard.pack.size(), 60'007U) << piece;
  }
}

TEST(PackResponse, WaitsForItsEnd) {
  const auto answer = whole_answer();
  for (const std::size_t length : {0UL, 1UL, 20UL, 70UL, 200UL, answer.size() - 1}) {
    Heard heard;
    EXPECT_EQ(heard.response.feed(std::string_view(answer).substr(0, length)), State::reading);
  }
}

TEST(PackResponse, SaysWhyItWasDeclined) {
  {
    Heard heard;
    EXPECT_EQ(heard.response.feed(packet("ERR upload-pack: not our ref")), State::declined);
    EXPECT_EQ(heard.response.text(), "upload-pack: not our ref\n");
  }
  Heard heard;
  EXPECT_EQ(heard.response.feed(packet("packfile") + banded(3, "out of memory")), State::declined);
  EXPECT_EQ(heard.response.text(), "out of memory");
  EXPECT_EQ(heard.response.feed("0000"), State::declined);  // and nothing that follows counts
}

TEST(PackResponse, ShortensMessagesOfTheServer) {
  Heard heard;
  EXPECT_EQ(heard.response.feed(packet("ERR " + std::string(5'000, 'x'))), State::declined);
  EXPECT_EQ(heard.response.text().size(), 512U);
}

TEST(PackResponse, RefusesInvalidResponses) {
  for (const std::string& answer :
       {std::string("<html>"), std::string("00zz"), std::string("0000"), std::string("0001"),
        std::string("0002"), std::string("0003"), packet("packfile") + "0000",
        packet("packfile") + "0004", packet("packfile") + "0001", packet("packfile") + "0006\x04x",
        packet("shallow-info") + "0000"}) {
    Heard heard;
    EXPECT_EQ(heard.response.feed(answer), State::broken) << answer;
    EXPECT_FALSE(heard.response.text().empty());
    EXPECT_EQ(heard.pack, "");
  }
}

}  // namespace pack_response_test
}  // namespace devy::git
