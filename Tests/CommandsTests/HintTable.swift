import Testing

/// A piece of advice, a cell that is given it, and what it leads to.
struct Hint: Sendable, CustomTestStringConvertible {
    /// As it stands in the sources, `…` for what is filled in.
    let text: String
    /// A cell that ends with it; `{D}` is the folder of `HintFiles`.
    let from: String
    /// What the advice says to write, which works; `{1}` is what was filled in first.
    let then: String
    /// Whether it takes a verb that lines up to `end` belong to: one of the tests' own.
    let needsBlock: Bool

    init(_ text: String, from: String, then: String, needsBlock: Bool = false) {
        (self.text, self.from, self.then) = (text, from, then)
        self.needsBlock = needsBlock
    }

    var testDescription: String { text }

    static let nano = "model nano\n"
    private static let toy = "load toy train=32 test=16\n"
    private static let bare = "load toy train=32 test=16 validation=0\n"
    static let ready = nano + toy
    private static let trained = ready + "lora\ntrain steps=2\n"

    static let followed: [Hint] =
        language + blocks + methods + losses + meant + session + softPrompts + judging + data + export
        + passages + texts + generating + comparing + masks + shots + answersJudged

    private static let language = [
        Hint("write help, which lists the verbs of a cell", from: "import torch", then: "help"),
        Hint("help lists the verbs", from: "xyzzy", then: "help"),
        Hint("end it with …", from: "echo 'abc", then: "echo 'abc'"),
        Hint("end it with …", from: "echo (abc", then: "echo (abc)"),
        Hint("keep one of them", from: ready + "lora r=1 rank=2", then: "lora rank=2"),
        Hint("write one right after the equals sign", from: ready + "lora r=", then: "lora r=2"),
        Hint(
            "leave … out, or write …=…", from: ready + "train steps=1 power=2",
            then: "train steps=1\ntrain steps=1 {2}={4} power=2"),
        Hint(
            "write momentum=0.9 and leave dampening out",
            from: ready + "train steps=1 optimizer=sgd nesterov=yes",
            then: "train steps=1 optimizer=sgd nesterov=yes momentum=0.9"),
        Hint("write it once", from: ready + "lora targets=query,query", then: "lora targets=query"),
        Hint(
            "name it in targets too", from: ready + "ia3 targets=k feedforward=up",
            then: "ia3 targets=k,up feedforward=up"),
        Hint("write r=… or less", from: ready + "lora r=250 init=pissa", then: "lora r={1} init=pissa"),
        Hint(
            "write numbers below …, or tokens as the vocabulary has them",
            from: ready + "lora tokens=999999", then: "lora tokens=5,7\nlora tokens='[CLS]'"),
        Hint("write tokens='[…]', in quotes", from: ready + "lora tokens=[CLS]", then: "lora tokens='[{1}]'"),
        Hint("write n=… or less, or full", from: ready + "last n=9", then: "last n={1}\nfull"),
        Hint("write …=q:16,v:4", from: ready + "lora rank_pattern=q", then: "lora {1}=q:16,v:4"),
        Hint(
            "write schedule=constant, or an lr_end below lr",
            from: ready + "train steps=2 lr=1e-4 schedule=polynomial lr_end=1e-3",
            then: "train steps=2 lr=1e-4 schedule=constant"),
        Hint(
            "adapters, bitfit, norms and head train beside a quantised base; precision=f32 after model holds weights to be trained",
            from: "model nano precision=nf4\n" + toy + "full",
            then: "lora\nia3\nvera\nreft\nbitfit\nnorms\nhead\nmodel nano precision=f32\nfull"),
        Hint("write each block once", from: ready + "lora layers=0,0", then: "lora layers=0"),
        Hint("leave it out for …", from: ready + "lora r=auto", then: "lora"),
        Hint("leave it out for: …", from: ready + "train seed=auto", then: "train steps=1"),
        Hint(
            "keep long texts in a file, and give … a new value with …=value",
            from: "x=0123456789\n" + String(repeating: "x=\"$x$x\"\n", count: 30), then: "x=value\nx=\"$x$x\""
        ),
        Hint(
            "set it with …=value, or use single quotes for a plain $", from: "echo $nothing",
            then: "{1}=value\necho $nothing\necho '$nothing'"),
        Hint("give one value…", from: ready + "lora r=[4, 8]", then: "lora r=4"),
        Hint(
            "neither a shell nor IPython's magics are behind a cell; write help for the verbs", from: "!ls",
            then: "help"),
        Hint("take it away", from: "end", then: "echo"),
        Hint(
            "a list of lists is as deep as values go: take brackets away",
            from: "echo " + String(repeating: "(", count: 40), then: "echo (a (b c))"),
        Hint(
            "write one statement a line; a final ; runs it quietly", from: "echo a; echo b",
            then: "echo a;\necho b"),
        Hint(
            "a name has letters, digits and _ and does not begin with a digit", from: "1x=3",
            then: "x_1=3\necho $x_1"),
        Hint("write …=value, or …='' for nothing", from: "x =", then: "{1}=value\n{2}=''"),
        Hint(
            "quote a value that has spaces, and write one variable a line", from: "x=a b",
            then: "x='a b'\ny=c"),
        Hint("put the text in quotes if it is meant as it stands", from: "echo, b", then: "echo ', b'"),
        Hint("write it as key=value; the keys are ", from: ready + "lora 7", then: "lora r=7"),
        Hint("leave … out", from: ready + "lora use_qalora=yes", then: "lora"),
    ]

    private static let meant = [
        Hint("did you mean …?", from: "modle nano", then: "{1} nano"),
        Hint("did you mean …?", from: ready + "lora rnak=2", then: "lora {1}=2"),
        Hint("did you mean …?", from: "load tooy", then: "load {1}"),
        Hint("did you mean …?", from: "model naon", then: "model {1}"),
        Hint("did you mean …?", from: ready + "lora targets=qeury", then: "lora targets={1}"),
        Hint("did you mean …?", from: "load toy prompt=alpcaa", then: "load toy prompt={1}"),
        Hint("did you mean …? ", from: ready + "train schedule=linaer", then: "train steps=1 schedule={1}"),
        Hint("did you mean $…?", from: "rank=2\necho $rnak", then: "echo ${1}"),
        Hint("did you mean ……?", from: "load path={D}/tow.csv", then: "load path={1}{2}"),
        Hint("did you mean …=…?", from: ready + "train epochs 1", then: "train steps=1 {1}={2}"),
        Hint("did you mean …=…?", from: ready + "lora rslora", then: "lora {1}={2}"),
        Hint(
            "did you mean …=…?", from: "load path={D}/two.csv text=txet",
            then: "load path={D}/two.csv {1}={2}"),
        Hint("did you mean …=…?", from: ready + "lora rsloar", then: "lora {1}=yes"),
    ]

    private static let session = [
        Hint("write model minilm before it", from: "params", then: nano + "params"),
        Hint("write load imdb before it, or load toy", from: nano + "train", then: toy + "train steps=1"),
        Hint(
            "load it with …=…, or choose another part with on=…",
            from: nano + bare + "evaluate on=validation",
            then: "load toy train=32 test=16 {1}=8\nevaluate on={1}\nevaluate on=test"),
        Hint(
            "max_length=… or less", from: ready + "train max_length=100000",
            then: "train steps=1 max_length={1}"),
        Hint(
            "a column with classes is needed beside the texts, as load toy has it; label=none in load learns the texts themselves",
            from: nano + "load path={D}/unique.csv\ntrain", then: toy + "train steps=1"),
        Hint(
            "label=COLUMN in load names the one with the classes: …",
            from: nano + "load path={D}/unnamed.csv\ntrain",
            then: "load path={D}/unnamed.csv label=kind\ntrain steps=1"),
        Hint(
            "there are …; owner/name is the hub's; a path leads to a folder with config.json, or a .gguf file",
            from: "model nonsense", then: "model nano"),
        Hint(
            "leave both out, or write from=1e-7 to=10", from: ready + "lr_find from=1 to=0.1",
            then: "lr_find from=1e-7 to=10 steps=20"),
        Hint(
            "write train, which begins one", from: ready + "set runs={D}/runs\nresume", then: "train steps=1"),
        Hint(
            "write train, which goes on from its weights", from: ready + "train steps=1\nresume 1",
            then: "train steps=1"),
        Hint(
            "leave one of them out", from: ready + "train steps=1 save_every=1 save_steps=1",
            then: "train steps=1 save_every=1\ntrain steps=1 save_steps=1"),
        Hint("choose another name, such as r16", from: ready + "train as=best", then: "train steps=1 as=r16"),
        Hint(
            "name it with letters, digits, dots, hyphens and underscores, such as r16",
            from: ready + "train as=a/b", then: "train steps=1 as=r16"),
        Hint("write runs, which shows them", from: "runs delete", then: "runs"),
        Hint("write runs, or runs delete …", from: "runs list mine", then: "runs"),
        Hint("name a folder, such as runs=…", from: "set runs=''", then: "set runs={2}"),
        Hint(
            "write dropout.hidden= or dropout.attention=",
            from:
                "model nano-llama\nload toy train=8 test=4 validation=0 prompt=alpaca\nlora\ntrain steps=1 dropout.head=0.1",
            then: "train steps=1 dropout.hidden=0.1 dropout.attention=0.1"),
        Hint("write blocks=… at most", from: "model nano blocks=3", then: "model nano blocks={1}"),
        Hint(
            "write params, which shows what is trained", from: nano + "full\nunfreeze norms", then: "params"),
        Hint(
            "write one of …, blocks such as last:2 or 0-5, or a pattern with *",
            from: nano + "freeze xyzzyxyzzy",
            then: "freeze norms,last:1\nunfreeze '*.LayerNorm.*'"),
        Hint("write train before it", from: ready + "plot loss", then: "train steps=1\nplot loss"),
        Hint(
            "let the name end in .… or .…", from: ready + "plot classes to={D}/classes.doc",
            then: "plot classes to={D}/classes.csv"),
        Hint("write evaluate before it", from: ready + "plot confusion", then: "evaluate\nplot confusion"),
        Hint(
            "write lora and train before it", from: ready + "merge {D}/merged",
            then: "lora\ntrain steps=1\nmerge {D}/merged"),
        Hint(
            "write to …-… instead", from: trained + "save {D}/tuned\nmerge {D}/tuned",
            then: "merge {1}-{2}"),
        Hint(
            "write model … before it", from: trained + "save {D}/adapter\nreset\nopen {D}/adapter",
            then: "model {1}\nopen {D}/adapter"),
        Hint(
            "write last:6, first:2, 0-5 or 1,3,5", from: ready + "lora layers=last",
            then: "lora layers=last:1\nlora layers=first:2\nlora layers=0-1\nlora layers=0,1"),
        Hint(
            "layers=last:… and layers=first:… are all of them", from: ready + "lora layers=last:9",
            then: "lora layers=last:{1}\nlora layers=first:{2}"),
        Hint(
            "load the data without prompt=, or take a decoder such as smollm2",
            from: nano + "load toy train=32 test=16 prompt=alpaca\ntrain", then: toy + "train steps=1"),
        Hint(
            "raise max_length, which load takes too",
            from: "model nano-llama\nload toy train=32 test=16 prompt=alpaca\ntrain max_length=8",
            then:
                "train steps=1 max_length=256\nload toy train=32 test=16 prompt=alpaca max_length=256\nlr_find steps=20"
        ),
        Hint(
            "try …", from: ready + "full\ntrain lr=10 clip=0 steps=40 weight_decay=10",
            then: "train lr=1e-3 clip=0 steps=1\ntrain clip=1 steps=1"),
        Hint(
            "the model has …: load the adapter's own base model",
            from: trained + "save {D}/adapter\nmodel nano-llama\nopen {D}/adapter",
            then: nano + toy + "open {D}/adapter"),
        Hint(
            "write merge in place of save, which writes the whole model",
            from: ready + "lora targets=q\nunfreeze q\ntrain steps=1\nsave {D}/both", then: "merge {D}/both"),
        Hint("choose another path", from: trained + "save {D}/two.csv", then: "save {D}/other"),
        Hint(
            "choose another path; only what save or merge wrote is replaced",
            from: trained + "save {D}/several",
            then: "save {D}/other"),
    ]

    private static let data = [
        Hint("write train=1 or more", from: "load toy train=0.01%", then: "load toy train=1"),
        Hint(
            "write prompt=alpaca beside it, or leave it out", from: "load toy instruction=choose",
            then: "load toy instruction=choose prompt=alpaca\nload toy"),
        Hint(
            "leave it out for the name or path it was loaded by", from: trained + "save {D}/adapter base=''",
            then: "save {D}/adapter"),
        Hint(
            "name another encoding=, or leave it out to have it guessed",
            from: "load path={D}/latin.csv encoding=utf-8",
            then: "load path={D}/latin.csv\nload path={D}/latin.csv encoding=latin-1"),
        Hint(
            "encoding= names it: windows-1251 (Cyrillic), shift_jis, gb18030, latin-1 …",
            from: "load path={D}/unknown.csv", then: "load path={D}/unknown.csv encoding=latin-1"),
        Hint(
            "load data with the same classes, or attach a new adapter with lora",
            from: trained + "save {D}/adapter\nload path={D}/two.csv label=kind\nopen {D}/adapter",
            then: "lora\ntrain steps=1\n" + toy + "open {D}/adapter"),
        Hint("write … …=…", from: "load csv {D}/two.csv", then: "{1} {2}={4}"),
        Hint("leave it out for: …", from: nano + "lora targets=[]", then: "lora"),
        Hint("load … path=FILE", from: "load file", then: "load {1} path={D}/two.csv"),
        Hint(
            "there are …; a file or a folder: load path=FILE", from: "load nowhere",
            then: "load toy\nload path={D}/two.csv"),
        Hint(
            "load file path=FILE reads one of yours", from: "load toy path={D}/two.csv",
            then: "load file path={D}/two.csv"),
        Hint("leave it out", from: "load toy encoding=utf-8", then: "load toy"),
        Hint(
            "check the file, or name other columns: text= and label=",
            from: "load path={D}/empty-labels.csv",
            then: "load path={D}/empty-labels.csv text=text label=kind"),
        Hint(
            "label= names another column: …", from: "load path={D}/one.csv label=label",
            then: "load path={D}/one.csv label={2}"),
        Hint(
            "label= names another column: …", from: "load path={D}/many.csv label=label",
            then: "load path={D}/many.csv label={2}"),
        Hint(
            "it is the only column; leave …= out", from: "load path={D}/plain.csv text=text label=text",
            then: "load path={D}/plain.csv text=text"),
        Hint(
            "say …=…, or another of …", from: "load path={D}/two.csv text=text label=text",
            then: "load path={D}/two.csv text=text {1}={2}"),
        Hint("name one: path=…/…", from: "load path={D}/several", then: "load path={1}/{2}"),
        Hint("path=FILE names a file or a folder", from: "load path=''", then: "load path={D}/two.csv"),
        Hint(
            "put what comes out of it into a file, and name that", from: "load path=/dev/null",
            then: "load path={D}/two.csv"),
        Hint("name the file itself", from: "load path={D}/loop.csv", then: "load path={D}/two.csv"),
        Hint("name a file that is", from: "load path={D}/gone.csv", then: "load path={D}/two.csv"),
        Hint(
            "download it again, or name another file", from: "load path={D}/nothing.csv",
            then: "load path={D}/two.csv"),
        Hint(
            "csv, tsv, json and jsonl are read; if it is text, take the byte out or say encoding=",
            from: "load path={D}/nul.csv", then: "load path={D}/two.csv"),
        Hint(
            "write …= and one of them", from: "load path={D}/two.csv text=quux",
            then: "load path={D}/two.csv {1}=text"),
        Hint(
            "say which: text=COLUMN, and label=COLUMN where there are classes",
            from: "load path={D}/odd.csv", then: "load path={D}/odd.csv text=a label=b"),
        Hint(
            "write predict 'a text', or predict file=FILE", from: ready + "predict",
            then: "predict 'a text'\npredict file={D}/two.csv"),
        Hint("leave pair out", from: ready + "predict 'a text' pair='another'", then: "predict 'a text'"),
        Hint(
            "name a file that ends in …", from: ready + "predict 'a text' to={D}/answers.txt",
            then: "predict 'a text' to={D}/answers.csv"),
        Hint(
            "give to= another name, such as answers.…",
            from: ready + "predict file={D}/two.csv to={D}/two.csv",
            then: "predict file={D}/two.csv to={D}/answers.csv"),
        Hint(
            "write predict 'the first text' 'the second'",
            from: nano + "load path={D}/pairs.csv pair=second\ntrain steps=1\npredict 'only one'",
            then: "predict 'the first text' 'the second'"),
        Hint(
            "ask for fewer, or say test= yourself", from: "load toy train=990 validation=100",
            then: "load toy train=890 validation=100 test=10"),
    ]
}
