#include "core/platform/media/media_type.hpp"

#include <gtest/gtest.h>

namespace devy::media {
namespace media_type_test {

using namespace std::string_view_literals;

TEST(MediaType, IsReadFromTheBytes) {
  EXPECT_EQ(media_type_of("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"sv), "image/png");
  EXPECT_EQ(media_type_of("\xff\xd8\xff\xe0\0\x10JFIF"sv), "image/jpeg");
  EXPECT_EQ(media_type_of("GIF89a\1\0\1\0"sv), "image/gif");
  EXPECT_EQ(media_type_of("RIFF\x24\0\0\0WEBPVP8 "sv), "image/webp");
  EXPECT_EQ(media_type_of("RIFF\x24\0\0\0WAVEfmt "sv), "audio/wav");
  EXPECT_EQ(media_type_of("\0\0\0\x1c"
                          "ftypavif\0\0\0\0"sv),
            "image/avif");
  EXPECT_EQ(media_type_of("\0\0\0\x1c"
                          "ftypisom\0\0\0\0"sv),
            "video/mp4");
  EXPECT_EQ(media_type_of("%PDF-1.7\n"), "application/pdf");
  EXPECT_EQ(media_type_of("\0asm\1\0\0\0"sv), "application/wasm");
}

TEST(MediaType, IsNotGuessedForATruncatedFile) {
  EXPECT_EQ(media_type_of("RIFF\x24\0"sv), "application/octet-stream");
  EXPECT_EQ(media_type_of("\0\0\0"sv), "application/octet-stream");
  EXPECT_EQ(media_type_of(""), "text/plain; charset=utf-8");
}

TEST(MediaType, IsPlainTextForWhatABrowserWouldRun) {
  for (const auto text : {"<!doctype html><script>alert(1)</script>", "alert(1)",
                          "<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"/>",
                          "<svgx/>", "BMW builds cars", "# Title\n"})
    EXPECT_EQ(media_type_of(text), "text/plain; charset=utf-8") << text;
  EXPECT_EQ(media_type_of("<script>\0</script>"sv), "application/octet-stream");
  EXPECT_EQ(media_type_of("caf\xe9"), "application/octet-stream");
}

TEST(MediaType, IsSvgWhateverComesFirst) {
  for (const auto text :
       {"<svg/>", "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>",
        "\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- made -->\n<!DOCTYPE svg>\n<svg>"})
    EXPECT_EQ(media_type_of(text), "image/svg+xml") << text;
}

// In slices that end anywhere, within characters too.
TEST(TypeReader, SaysTheSameOfContentInSlices) {
  for (const auto bytes :
       {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"sv, "plain text"sv, ""sv,
        "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80 letters"sv, "caf\xe9"sv, "caf\xc3"sv,
        "\x80\x80\x80\x80\x80"sv, "\xf0\x9f\x98"sv, "\xf0\x9f\x98 x"sv, "\xe2\x82\xff\x80"sv,
        "<svg xmlns='http://www.w3.org/2000/svg'/>"sv, "text\0"sv, "BMW builds cars"sv}) {
    for (std::size_t length = 1; length <= 5; ++length) {
      TypeReader reader;
      for (std::size_t at = 0; at < bytes.size(); at += length)
        reader.add(bytes.substr(at, length));
      EXPECT_EQ(reader.media_type(), media_type_of(bytes)) << bytes << " by " << length;
    }
  }
}

TEST(TypeReader, ForgetsAllButTheBeginning) {
  TypeReader reader;
  for (int i = 0; i < 100; ++i)
    reader.add(std::string(100'000, 'a'));
  EXPECT_EQ(reader.media_type(), "text/plain; charset=utf-8");
  reader.add("\0"sv);
  EXPECT_EQ(reader.media_type(), "application/octet-stream");
}

}  // namespace media_type_test
}  // namespace devy::media
