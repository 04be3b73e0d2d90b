{{%AUTOESCAPE context="HTML"}}{{!
What an act has done, first in main after a POST.
  NOTICE_MARK       empty, "warn" or "bad"
  NOTICE_TITLE NOTICE_TEXT
  NOTICE_LINK       section, repeated: NOTICE_URL NOTICE_WORDS
}}<div class="note {{NOTICE_MARK}}" role="status">
<h2>{{NOTICE_TITLE}}</h2>
<p>{{NOTICE_TEXT}}</p>
{{#NOTICE_LINK}}
<p><a href="{{NOTICE_URL}}">{{NOTICE_WORDS}}</a></p>
{{/NOTICE_LINK}}
</div>
