"""Sentences of made-up and common words in several scripts, to train tiny tokenizers on."""

import random

WORDS = """the a an of to in and is it was for on that with as at by from this be have not are but had
his they you she which or we an were been their has would there what will all if can her more when who
so no said out up into than them then some could time new only may after first our most over such very
running runner ran jumping jumped unbelievable believing kindness unkind happily happiness 1995 2024 7 42
don't it's I'm you're we've he'll Paris London Berlin Tokyo NATO HTML iPhone caf\u00e9 na\u00efve \u00fcber
\u00e9t\u00e9 ma\u00f1ana \u043f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440 \u4f60\u597d \u4e16\u754c \u6771\u4eac
\u3053\u3093\u306b\u3061\u306f \U0001f600""".split()
SYLLABLES = "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu ra re ri ro ru".split()


def sentences(count, seed=7):
    chance = random.Random(seed)
    invented = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(300)]
    for _ in range(count):
        words = [chance.choice(WORDS if chance.random() < 0.6 else invented) for _ in range(12)]
        if chance.random() < 0.3:
            words[0] = words[0].capitalize()
        if chance.random() < 0.2:
            words.insert(5, chance.choice([",", "-", "\n", "  ", "(", "\t"]))
        yield " ".join(words) + chance.choice([".", "!", "?", "...", ""])
