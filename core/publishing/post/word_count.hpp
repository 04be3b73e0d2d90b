#pragma once
// Counts the words of a post as a reader would. Pure; any thread.
//
// A word is a run of letters and digits, with the apostrophes and hyphens inside it. Scripts that
// write no spaces have no such runs: a Han character or a kana is a word by itself, and Thai, Lao,
// Khmer and Burmese have one for each four letters. Korean has spaces. With that, one reading speed
// suits all: people read 238 words of English a minute (Brysbaert 2019, "How many words do we read
// per minute?") and 255 characters of Chinese (Trauzettel-Klosinski and Dietz 2012, "Standardized
// assessment of reading performance: the new international reading speed texts IReST").

#include <cstdint>
#include <string_view>

namespace devy::post {

inline constexpr std::uint32_t words_a_minute = 238;

// Counts the words of sanitised HTML, code and tables included; references to footnotes are not
// counted.
[[nodiscard]] std::uint32_t count_words(std::string_view html);

// Whole minutes, rounded up; 0 for no words.
[[nodiscard]] constexpr std::uint32_t reading_minutes(std::uint32_t words) {
  return words / words_a_minute + (words % words_a_minute == 0 ? 0 : 1);
}

}  // namespace devy::post
