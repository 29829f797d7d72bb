//! Kanji that are written in several forms: 高 and 髙, 辺, 邊 and 邉. For comparing alone: on paper a name has
//! the form its owner writes.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Forms of one kanji, the usual one first. The old forms in brackets of 常用漢字表（平成22年内閣告示第2号）, and
/// forms common in names of people and places (人名用漢字; JIS X 0213). Those that compatibility
/// normalisation makes equal are not listed.
const FORMS: &str = "\
    亜亞 悪惡 圧壓 囲圍 医醫 為爲 壱壹 隠隱 栄榮 営營 衛衞 駅驛 円圓 塩鹽 縁緣 艶艷 応應 欧歐 殴毆 桜櫻 \
    奥奧 横橫 温溫 穏穩 仮假 価價 画畫 会會 絵繪 壊壞 懐懷 概槪 拡擴 殻殼 覚覺 学學 岳嶽 楽樂 渇渴 \
    缶罐 巻卷 陥陷 勧勸 寛寬 関關 歓歡 観觀 気氣 既旣 帰歸 亀龜 偽僞 戯戲 犠犧 旧舊 拠據 挙擧 虚虛 峡峽 \
    挟挾 狭狹 郷鄕 暁曉 区區 駆驅 勲勳 薫薰 径徑 茎莖 恵惠 掲揭 渓溪 経經 蛍螢 軽輕 継繼 鶏鷄雞 芸藝 \
    撃擊 欠缺 研硏 県縣 倹儉 剣劍 険險 圏圈 検檢 献獻 権權 顕顯 験驗 厳嚴 戸戶 広廣 効效 恒恆 黄黃 鉱鑛 \
    号號 国國 黒黑 砕碎 済濟 剤劑 雑雜 参參 桟棧 蚕蠶 惨慘 賛贊 残殘 糸絲 歯齒 児兒 辞辭 湿濕 実實 \
    写寫 釈釋 寿壽 収收 従從 渋澁 獣獸 縦縱 粛肅 処處 叙敍敘 尚尙 将將 称稱 渉涉 焼燒 証證 奨奬 条條 \
    状狀 乗乘 浄淨 剰剩 畳疊 縄繩 壌壤 嬢孃 譲讓 醸釀 触觸 嘱囑 真眞 寝寢 慎愼 尽盡 図圖 粋粹 酔醉 穂穗 \
    随隨 髄髓 枢樞 数數 瀬瀨 声聲 斉齊斎齋 静靜 窃竊 摂攝 専專 浅淺 戦戰 践踐 銭錢 潜潛 繊纖 禅禪 双雙 \
    壮壯 争爭 荘莊 捜搜 挿插 巣巢 曽曾 痩瘦 装裝 総總 騒騷 増增 蔵藏 臓臟 即卽 属屬 続續 堕墮 対對 体體 \
    帯帶 滞滯 台臺 滝瀧 択擇 沢澤 担擔 単單 胆膽 団團 断斷 弾彈 遅遲 痴癡 虫蟲 昼晝 鋳鑄 庁廳 徴徵 \
    聴聽 勅敕 鎮鎭 逓遞 鉄鐵鉃 点點 転轉 伝傳 灯燈 当當 党黨 盗盜 稲稻 闘鬭 徳德 独獨 読讀 届屆 弐貳 \
    悩惱 脳腦 覇霸 拝拜 廃廢 売賣 麦麥 発發 髪髮 抜拔 晩晚 蛮蠻 秘祕 浜濱濵 瓶甁 払拂 仏佛 併倂 並竝 \
    辺邊邉 変變 弁辨瓣辯 歩步 宝寶寳 豊豐 褒襃 翻飜 毎每 万萬 満滿 麺麵 黙默 弥彌 訳譯 薬藥 与與 予豫 \
    余餘 誉譽 揺搖 様樣 謡謠 来來 頼賴 乱亂 覧覽 竜龍 両兩 猟獵 緑綠 涙淚 塁壘 礼禮 励勵 戻戾 霊靈 \
    齢齡 暦曆 歴歷 恋戀 炉爐 労勞 楼樓 録錄 湾灣 \
    高髙 崎﨑嵜 吉𠮷 島嶋嶌 峰峯 富冨 館舘 桑桒 橋槗𣘺 柳栁 桧檜 槙槇 遥遙 尭堯 凛凜 晋晉 穣穰 巌巖 亘亙 \
    船舩 柏栢 淵渕渊 煕熙凞 鴎鷗 鯵鰺 鴬鶯 彦彥 産產 顔顏 麹麴 祷禱 祢禰 薮藪 篭籠 蛎蠣 桝枡 梼檮 萌萠 兎兔 \
    莱萊 姉姊 姫姬 聡聰 昂昻 土圡 珍珎 涛濤 磯礒 芦蘆 秋穐 迩邇 涼凉 頴穎 壷壺 鶴靍靏 間閒 呉吳 清淸 青靑 教敎 \
    内內 説說 税稅 悦悅 鋭銳 脱脫 瑶瑤 強强 没沒 梅楳 松枩 園薗 鉤鈎 蕊蘂 瑠璢 ケヶ カヵ";

/// The usual form of a kanji that has others; any other character is its own.
///
/// ```
/// use onshi::font::usual_form;
/// let usual = |text: &str| text.chars().map(usual_form).collect::<String>();
/// assert_eq!(usual("髙橋"), usual("高橋"));
/// assert_eq!(usual("渡邉"), usual("渡邊"));
/// assert_ne!(usual("大田"), usual("太田"));
/// ```
pub fn usual_form(c: char) -> char {
    static USUAL: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
        let others = |group: &'static str| {
            let mut forms = group.chars();
            let usual = forms.next();
            forms.filter_map(move |form| Some((form, usual?)))
        };
        FORMS.split_whitespace().flat_map(others).collect()
    });
    USUAL.get(&c).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization as _;

    use super::*;

    #[test]
    fn a_form_is_of_one_kanji() {
        let mut seen = HashMap::new();
        for group in FORMS.split_whitespace() {
            assert!(group.chars().count() > 1, "{group}");
            for c in group.chars() {
                assert_eq!(seen.insert(c, group), None, "{c} {group}");
                // What compatibility makes equal is folded before.
                assert_eq!(std::iter::once(c).nfkc().next(), Some(c), "{c} {group}");
            }
        }
    }

    #[test]
    fn names_of_one_family_are_equal() {
        for (one, other) in [
            ("髙橋", "高橋"),
            ("山﨑", "山崎"),
            ("渡邉", "渡邊"),
            ("渡辺", "渡邊"),
            ("𠮷田", "吉田"),
            ("濵田", "濱田"),
            ("浜田", "濱田"),
            ("齋藤", "斎藤"),
            ("齊藤", "斉藤"),
            ("德永", "徳永"),
            ("川瀨", "川瀬"),
            ("霞ヶ関", "霞ケ関"),
        ] {
            let usual = |text: &str| text.chars().map(usual_form).collect::<String>();
            assert_eq!(usual(one), usual(other));
        }
        for other in ['太', '埼', '郎', 'ア', 'x'] {
            assert_eq!(usual_form(other), other);
        }
    }
}
