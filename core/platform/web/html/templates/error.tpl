{{%AUTOESCAPE context="HTML"}}{{!
An answer that is no page: 404 403 429 500 503. It needs no database.
  ERROR_TITLE       says it in words: "There is nothing here, or it is not yours"
  ERROR_TEXT        include: part_sentence, what is true now and what to do
  WAY               section, repeated: WAY_URL WAY_WORDS, where to go on ("Try now" of 503),
                    WAY_MARK, "go" for a filled button, else empty
  ERROR_FACTS       include: part_sentence, e.g. "404 · request 7f3a91c2 · logged in as ada"
}}<h1>{{ERROR_TITLE}}</h1>
<p>{{>ERROR_TEXT}}</p>
<div class="acts">{{#WAY}}<a class="btn {{WAY_MARK}}" href="{{WAY_URL}}">{{WAY_WORDS}}</a>{{/WAY}}</div>
<p class="soft">{{>ERROR_FACTS}}</p>
