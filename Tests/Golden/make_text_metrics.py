"""Metrics of texts by sacrebleu and rouge-score, of made-up sentences that are hard in one way each.

    pip install sacrebleu rouge-score
    python make_text_metrics.py

Writes fixtures/text-metrics.json: for each pair of a text and its references every metric alone, then of them all as a
corpus; tokens of 13a; stems of NLTK's Porter stemmer, which rouge-score uses.
"""
import json
import os
import random
import re
import string

from nltk.stem.porter import PorterStemmer
from rouge_score import rouge_scorer
from sacrebleu.metrics import BLEU, CHRF, TER
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a

PAIRS = [
    ("the cat sat on the mat", ["the cat sat on the mat"]),
    ("the cat sat on the mat", ["a cat was sitting on the mat", "on the mat sat the cat"]),
    ("", ["something was to be said"]),
    ("something was said", ["said something was", "nothing was said at all"]),
    ("the the the the the the the", ["the cat is on the mat", "there is a cat on the mat"]),
    ("yes", ["no"]),
    ("yes", ["yes, of course"]),
    ("It cost 1,234.50 (about 1.1 thousand), he said; didn't he?",
     ["It cost 1,234.5 - about 1.1 thousand - he said. Didn't he?"]),
    ("\"Well...\" &amp; &quot;so on&quot; e.g. 3-4 of 10%", ["\"Well …\" & \"so on\", e.g. 3-4 of 10 %"]),
    ("Der Bär fraß süße Äpfel", ["Der Baer frass suesse Aepfel", "Der Bär aß süße Äpfel"]),
    ("cafe\u0301 is not caf\u00e9 here", ["caf\u00e9 is not cafe\u0301 here"]),
    ("ΟΔΥΣΣΕΥΣ ΕΠΕΣΤΡΕΨΕΝ ΣΤΗΝ ΙΘΑΚΗ", ["οδυσσευς επεστρεψεν στην ιθακη"]),
    ("犬が走る 😀 と 猫", ["猫が走る 😀 と 犬"]),
    ("İstanbul and Iğdır\u00a0are\u2003cities", ["istanbul and ığdır are cities"]),
    ("in the morning we went quickly to the old market by the river and bought bread",
     ["by the river we bought bread and in the morning we went to the old market quickly"]),
    ("a b c d e f g h i j", ["f g h i j a b c d e"]),
    ("x a b c y z d e f", ["d e f x y a b c z", "z y x d e f a b c"]),
    ("one two three four five six seven", ["seven six five four three two one"]),
    ("Police have killed the gunman.\nThe streets were closed for hours.\nNobody else was hurt.",
     ["The streets were closed.\nThe gunman was killed by police.\n\nNo one else has been hurt."]),
    ("the generalizations of relational databases were happily reconsidered",
     ["a generalization of the relational database was reconsidered happily"]),
    ("(parentheses) 'quotes' -dashes- [brackets] hi!", ["parentheses quotes dashes brackets hi !"]),
    ("snake_case and CamelCase99 at 99.9% <skipped> of_all", ["snake case and camelcase99 at 99.9 % of all"]),
    ("trailing spaces   \n", ["trailing  spaces"]),
    ("a-\nb c\nd", ["ab c d"]),
    ("wort " * 40 + "ende", ["anfang " + "wort " * 30]),
    ("words without a reference", [""]), ("", [""]), ("one of them empty", ["", "one of them empty"]),
    ("short", ["this reference is so much longer than what was written that a brevity penalty weighs"]),
]

STEMS = """caresses ponies ties caress cats feed agreed plastered bled motoring sing conflated troubled sized hopping tanned
falling hissing fizzed failing filing happy sky enjoy spy flies dies died spied relational conditional rational valenci
hesitanci digitizer conformabli radicalli differentli vileli analogousli vietnamization predication operator feudalism
decisiveness hopefulness callousness formaliti sensitiviti sensibiliti triplicate formative formalize electriciti
electrical hopeful goodness revival allowance inference airliner gyroscopic adjustable defensible irritant replacement
adjustment dependent adoption homologou communism activate angulariti homologous effective bowdlerize probate rate cease
controll roll geologi theologi dying lying news innings proceed exceed succeed skies usefully fully ally essentially
generically alli yyyy toying boyed syzygy played ising bing being seed oed ates 1990s abcd123 eed ied aied tied
happily emotionally university organisation was this its owed ice ore""".split()


def long_texts():
    """Words drawn with repeats, long enough for the beam and the limits of shifts."""
    draw = random.Random(5)
    words = [a + b for a in string.ascii_lowercase[:8] for b in "xyz"]
    found = []
    for length, other in [(60, 60), (90, 30), (20, 110), (120, 118)]:
        reference = [draw.choice(words) for _ in range(other)]
        text = reference[: length // 2] + [draw.choice(words) for _ in range(length - length // 2)]
        cut = draw.randrange(5, 20)
        text = text[cut:] + text[:cut]
        found.append((" ".join(text), [" ".join(reference)]))
    return found


ROUGES = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
SCORERS = {False: rouge_scorer.RougeScorer(ROUGES), True: rouge_scorer.RougeScorer(ROUGES, use_stemmer=True)}


def normalized(text):
    """SQuAD's normalize_answer, by its description."""
    text = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def rouges(text, references):
    found = {}
    for stems, scorer in SCORERS.items():
        for name, score in scorer.score_multi(references, text).items():
            found[name + ("_stemmed" if stems else "")] = score.fmeasure
    return found


def alone(text, references):
    return {
        "bleu_of_sentence": BLEU(effective_order=True).sentence_score(text, references).score,
        "bleu": BLEU().corpus_score([text], [[r] for r in references]).score,
        "chrf": CHRF().sentence_score(text, references).score,
        "chrf++": CHRF(word_order=2).sentence_score(text, references).score,
        "ter": TER().sentence_score(text, references).score,
        "exact_match": float(any(normalized(text) == normalized(r) for r in references)),
        **rouges(text, references),
    }


def main():
    pairs = PAIRS + long_texts()
    # sacrebleu wants as many references for each text, of which None is none.
    most = max(len(references) for _, references in pairs)
    streams = [[references[i] if i < len(references) else None for _, references in pairs] for i in range(most)]
    texts = [text for text, _ in pairs]
    every = [alone(text, references) for text, references in pairs]
    corpus = {
        "bleu": BLEU().corpus_score(texts, streams).score, "chrf": CHRF().corpus_score(texts, streams).score,
        "chrf++": CHRF(word_order=2).corpus_score(texts, streams).score,
        "ter": TER().corpus_score(texts, streams).score,
    }
    for name in every[0]:
        if name.startswith("rouge") or name == "exact_match":
            corpus[name] = sum(scores[name] for scores in every) / len(every)
    tokenize, stemmer = Tokenizer13a(), PorterStemmer()
    golden = {
        "pairs": [{"text": text, "references": references, "scores": scores}
                  for (text, references), scores in zip(pairs, every)],
        "corpus": corpus,
        "tokens": [{"text": text, "tokens": tokenize(text.rstrip()).split()} for text, _ in PAIRS],
        "stems": [[word, stemmer.stem(word)] for word in STEMS],
    }
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures", "text-metrics.json")
    with open(path, "w") as file:
        json.dump(golden, file, ensure_ascii=True, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
