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

}  // namespace media_type_test
}  // namespace devy::media
