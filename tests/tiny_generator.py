"""A causal language model for tests, made on the spot: characters in, one reply out, or babble."""

from itertools import pairwise
from pathlib import Path

LETTERS = "北岚市新开公交线路28条。[1]无法回答\n财政资金0年，亿元"
TEMPLATE = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{{ '<assistant>\n' }}"


def write_tiny_generator(
    folder: Path, reply: str = "", *, template: str | None = TEMPLATE, positions: int = 8192, tied: bool = False
) -> Path:
    """Writes the folder and returns it. With a `reply`, whose characters must differ, that is what the model says to
    everything: attention and layers add nothing, so the next token depends on the last alone. Without one its weights
    are random. It answers a prompt that ends in a line break.
    """
    import torch  # noqa: PLC0415
    import transformers  # noqa: PLC0415
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers  # noqa: PLC0415

    transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.manual_seed(1)
    letters = ["<pad>", "<unk>", "<eos>", *sorted(set(LETTERS + reply))]
    characters = Tokenizer(models.WordLevel({letter: i for i, letter in enumerate(letters)}, unk_token="<unk>"))
    characters.pre_tokenizer = pre_tokenizers.Split(Regex("(?m)."), behavior="isolated")
    characters.decoder = decoders.Fuse()
    tokenizer = transformers.PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=characters, unk_token="<unk>", pad_token="<pad>", eos_token="<eos>", chat_template=template
    )
    tokenizer.save_pretrained(folder)
    size = -(-len(letters) // 8) * 8
    network = transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=len(letters),
            hidden_size=size,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=16,
            pad_token_id=0,
            eos_token_id=2,
            max_position_embeddings=positions,
            tie_word_embeddings=tied,
        )
    )
    if reply:
        chain = [letters.index(letter) for letter in f"\n{reply}"] + [2]
        with torch.no_grad():
            for layer in network.model.layers:
                layer.self_attn.o_proj.weight.zero_()
                layer.mlp.down_proj.weight.zero_()
            network.model.embed_tokens.weight.copy_(torch.eye(len(letters), size))
            network.lm_head.weight.zero_()
            for last, following in pairwise(chain):
                network.lm_head.weight[following, last] = 1.0
    network.save_pretrained(folder)
    return folder
